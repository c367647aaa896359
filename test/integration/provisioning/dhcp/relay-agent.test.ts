/** Our DHCP server behind Debian's relay agent, each in a network namespace of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DhcpLan, lan, lanSettings } from '../../../support/provisioning/dhcp-lan.ts';
import { Udhcpc } from '../../../support/provisioning/dhcp-peers.ts';

let site: DhcpLan;

beforeEach(() => {
  site = new DhcpLan();
});

afterEach(() => {
  site.close();
});

describe('behind a relay agent', () => {
  it('[NET-004] a client gets an address of its own network, renews it directly and declines one in use', async () => {
    const { server } = await site.startServer({
      ...lanSettings,
      subnets: [
        lan,
        {
          subnet: '10.170.0.0/24',
          ranges: [{ first: '10.170.0.50', last: '10.170.0.60' }],
          routers: ['10.170.0.1'],
        },
      ],
    });
    const router = site.addClient('router', { address: '10.135.0.2/23' });
    site.lab.addSwitch(router, 'remote', '10.170.0.1/24');
    site.lab.ip(site.serverSpace, 'route', 'add', '10.170.0.0/24', 'via', '10.135.0.2');
    await site.lab.run(router, 'sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
    site.lab.spawn(
      router,
      'dhcrelay',
      [...['-4', '-d', '-a', '--no-pid'], ...['-iu', 'eth0', '-id', 'remote', '10.135.0.1']],
      { stdio: 'ignore' },
    );
    const at = { namespace: router, switch: 'remote' };
    const stranger = site.lab.addNamespace('stranger');
    site.lab.connect(stranger, 'eth0', at, { address: '10.170.0.50/24' });
    const space = site.lab.addNamespace('phone');
    site.lab.connect(space, 'eth0', at);
    const more = ['-a300', '-A', '1', '-T', '1'];
    const client = new Udhcpc(site.lab, space, site.folder, { more });

    const conflict = await server.events.take('addressConflict');
    const { variables } = await client.take('bound');
    site.lab.ip(space, 'route', 'add', 'default', 'via', '10.170.0.1');
    client.signal('SIGUSR1');
    const renewed = await client.take('renew');

    expect(conflict).toMatchObject({ address: '10.170.0.50' });
    expect(variables).toMatchObject({ ip: '10.170.0.51', router: '10.170.0.1' });
    expect(renewed.variables['ip']).toBe('10.170.0.51');
    // What the relay says about the port goes with the lease.
    expect(await server.ask('leases')).toContainEqual(
      expect.objectContaining({ address: '10.170.0.51', state: 'bound' }),
    );
    const changes = server.events.all('leaseChanged') as { circuitId?: string }[];
    expect(changes.some(({ circuitId }) => circuitId === 'remote')).toBe(true);
  });
});
