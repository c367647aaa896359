/** Our DHCP server beside dnsmasq, each in a network namespace of its own. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DhcpLan, lan, lanInterface, lanSettings } from '../../../support/provisioning/dhcp-lan.ts';
import { Udhcpc } from '../../../support/provisioning/dhcp-peers.ts';

let site: DhcpLan;

beforeEach(() => {
  site = new DhcpLan();
});

afterEach(() => {
  site.close();
});

describe('another DHCP server on the network', () => {
  function startDnsmasq(): void {
    const space = site.addClient('other', { address: '10.135.0.53/23' });
    site.lab.spawn(
      space,
      'dnsmasq',
      [
        ...['--no-daemon', '--conf-file=/dev/null', '--port=0', '--interface=eth0'],
        ...['--dhcp-range=10.135.0.210,10.135.0.220', '--dhcp-authoritative'],
        ...[`--dhcp-leasefile=${join(site.folder, 'dnsmasq.leases')}`, '--user=root'],
      ],
      { stdio: 'ignore' },
    );
  }

  it('[NET-004] keeps ours from starting, and is named', async () => {
    startDnsmasq();
    const { states } = await site.startServer({
      ...lanSettings,
      interfaces: [{ ...lanInterface, isAllowedBesideOthers: false }],
    });

    expect(states).toEqual([
      {
        interfaceName: 'lan1',
        state: 'refused',
        detail: 'Another DHCP server (10.135.0.53) answers on lan1.',
        otherServers: ['10.135.0.53'],
        bootpCount: 0,
      },
    ]);
  });

  it('ours starts where nobody answers', async () => {
    const { states } = await site.startServer({
      ...lanSettings,
      interfaces: [{ ...lanInterface, isAllowedBesideOthers: false }],
    });

    expect(states).toMatchObject([{ state: 'running', otherServers: [] }]);
  });

  it('ours starts beside it when told to, and says when a client takes the offer of the other', async () => {
    startDnsmasq();
    const { server, states } = await site.startServer();
    // Without addresses of our own to offer, the client goes to the other.
    const empty = { ...lan, ranges: [], reservations: [] };
    await server.ask('configure', { ...lanSettings, subnets: [empty] });
    const { variables } = await new Udhcpc(site.lab, site.addClient('pc'), site.folder).take(
      'bound',
    );

    expect(states).toMatchObject([{ state: 'running' }]);
    expect(variables['serverid']).toBe('10.135.0.53');
    expect(await server.events.take('otherServerSeen')).toEqual({
      interfaceName: 'lan1',
      server: '10.135.0.53',
    });
  });
});
