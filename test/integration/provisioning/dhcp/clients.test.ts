/** Our DHCP server with Debian's clients, each in a network namespace of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DhcpLan, lan, lanInterface, lanSettings } from '../../../support/provisioning/dhcp-lan.ts';
import { Dhclient, Udhcpc } from '../../../support/provisioning/dhcp-peers.ts';

let site: DhcpLan;

beforeEach(() => {
  site = new DhcpLan();
});

afterEach(() => {
  site.close();
});

const url = 'http://10.135.0.1/prov/';
/** As dhclient shows bytes that are no text. */
const urlBytes = [...Buffer.from(url)].map((byte) => byte.toString(16)).join(':');

/** Option 60 → options 66, 67, 43 and those above 100 that a phone with it must see. */
const families: Record<string, Record<string, string>> = {
  yealink: { tftp_server_name: url, o160: url, vendor_encapsulated_options: url },
  'Grandstream GRP2614 dslforum.org': {
    tftp_server_name: url,
    o160: url,
    vendor_encapsulated_options: url,
  },
  snomD785: { tftp_server_name: 'http://10.135.0.1', bootfile_name: '/prov/', o160: url },
  'Cisco Systems, Inc. IP Phone CP-7941G': {
    tftp_server_name: '10.135.0.1',
    o150: '10.135.0.1',
    o160: url,
  },
  'Nortel-SIP-Phone-A': { tftp_server_name: '10.135.0.1', o160: url },
  'Cisco SPA504G': { tftp_server_name: '10.135.0.1', o160: url },
  'CP-8851-3PCC': { tftp_server_name: url, o159: url, o160: url },
  AastraIPPhone6731i: {
    tftp_server_name: url,
    vendor_encapsulated_options: `2:17:${urlBytes}:3:1:0`,
    o159: url,
    o160: url,
  },
  Panasonic: { tftp_server_name: url, o159: `${url}{MODEL}.cfg`, o160: `${url}{MODEL}.cfg` },
  N510_IP_PRO: { tftp_server_name: '10.135.0.1', o114: url, o160: url },
  'alcatel.noe.0': { tftp_server_name: '10.135.0.1', bootfile_name: 'lanpbx.cfg', o160: url },
  'Polycom VVX-VVX_450': { tftp_server_name: url, o160: url, o161: url },
  'udhcp 1.35.0': { tftp_server_name: url, o160: url },
};

function phoneConfiguration(vendorClass: string): string {
  return `
    option o114 code 114 = text;
    option o150 code 150 = ip-address;
    option o159 code 159 = text;
    option o160 code 160 = text;
    option o161 code 161 = text;
    send vendor-class-identifier "${vendorClass}";
    send host-name "phone-1";
    request subnet-mask, ntp-servers, tftp-server-name, bootfile-name,
      vendor-encapsulated-options, o114, o150, o159, o160, o161;
  `;
}

describe('a client of the DHCP server', () => {
  it('a BOOTP request (RFC 951, RFC 1534 §2) is counted and not answered; DHCP clients go on', async () => {
    const { server } = await site.startServer();
    const space = site.addClient('bootp', { address: '10.135.0.250/23' });
    const { code, output } = await site.lab.run(space, process.execPath, [
      '-e',
      `const socket = require('node:dgram').createSocket('udp4');
       const request = Buffer.alloc(300);
       request.set([1, 1, 6, 0, 0x12, 0x34, 0x56, 0x78]);
       request.set([2, 0, 0, 0, 9, 1], 28);
       request.set([99, 130, 83, 99, 255], 236);
       socket.bind(68, () => {
         socket.setBroadcast(true);
         socket.on('message', () => { console.log('answered'); });
         socket.send(request, 67, '10.135.1.255');
         setTimeout(() => { socket.close(); }, 500);
       });`,
    ]);
    const client = new Udhcpc(site.lab, site.addClient('pc'), site.folder, {});
    await client.take('bound');

    expect({ code, output }).toEqual({ code: 0, output: '' });
    expect(await server.ask('configure', lanSettings)).toMatchObject([{ bootpCount: 1 }]);
  });

  it('[NET-004] udhcpc gets an address and everything about the network', async () => {
    await site.startServer();
    const client = new Udhcpc(site.lab, site.addClient('pc'), site.folder, {
      ask: ['search', 'staticroutes'],
    });

    const { variables } = await client.take('bound');

    expect(variables).toMatchObject({
      ip: '10.135.0.100',
      mask: '23',
      broadcast: '10.135.1.255',
      router: '10.135.0.1',
      dns: '10.135.0.1 10.135.0.2',
      ntpsrv: '10.135.0.1',
      domain: 'campanile.lan',
      search: 'campanile.lan example.com',
      serverid: '10.135.0.1',
      lease: '43200',
      // RFC 3442: who reads 121 ignores the router, so the default route is among them.
      staticroutes: '10.9.0.0/16 10.135.0.3 0.0.0.0/0 10.135.0.1',
    });
  });

  it('[NET-004] a reservation gives its address, name and options', async () => {
    await site.startServer();
    const space = site.addClient('desk', { mac: '02:00:00:00:00:77' });
    const client = new Udhcpc(site.lab, space, site.folder, { ask: [230] });

    const { variables } = await client.take('bound');

    expect(variables).toMatchObject({ ip: '10.135.1.77', hostname: 'frontdesk' });
    expect(Buffer.from(variables['opt230'] ?? '', 'hex').toString()).toBe('hello');
  });

  it.each(Object.entries(families))(
    '[DEV-033] [DEV-034] that says it is %s gets the options that it reads, as it reads them',
    async (vendorClass, expected) => {
      const { server } = await site.startServer();
      const client = new Dhclient(
        site.lab,
        site.addClient('phone'),
        site.folder,
        phoneConfiguration(vendorClass),
      );

      const { variables } = await client.take('BOUND');

      const names = ['tftp_server_name', 'bootfile_name', 'vendor_encapsulated_options'];
      const actual = [...names, 'o114', 'o150', 'o159', 'o160', 'o161']
        .map((name) => [name, variables[`new_${name}`]] as const)
        .filter(([, value]) => value !== undefined);
      expect(Object.fromEntries(actual)).toEqual(expected);
      expect(variables['new_ntp_servers']).toBe('10.135.0.1');
      expect(await server.events.take('deviceSeen')).toMatchObject({
        interfaceName: 'lan1',
        facts: { vendorClass: { text: vendorClass }, hostName: 'phone-1' },
      });
    },
  );

  it('dhclient gets a lease and renews it, and gets it again after a reboot', async () => {
    const { server } = await site.startServer();
    const space = site.addClient('pc');
    const configuration = 'supersede dhcp-renewal-time 2; request subnet-mask, ntp-servers;\n';
    const client = new Dhclient(site.lab, space, site.folder, configuration);

    const bound = await client.take('BOUND');
    const renewed = await client.take('RENEW');
    await client.stop();
    const rebooted = await new Dhclient(site.lab, space, site.folder, configuration).take('REBOOT');

    const expected = { new_ip_address: '10.135.0.100', new_ntp_servers: '10.135.0.1' };
    expect(bound.variables).toMatchObject(expected);
    expect(renewed.variables).toMatchObject(expected);
    expect(rebooted.variables).toMatchObject(expected);
    expect(await server.ask('leases')).toMatchObject([{ address: '10.135.0.100', state: 'bound' }]);
  });

  it('[NET-004] a lease outlives the kill of the server, and is renewed by the next', async () => {
    const { server } = await site.startServer();
    const client = new Udhcpc(site.lab, site.addClient('phone'), site.folder, {});
    await client.take('bound');
    const [before] = (await server.ask('leases')) as { startedAtMs: number; expiresAtMs: number }[];

    await server.kill();
    const { server: next } = await site.startServer();
    const restored = await next.ask('leases');
    client.signal('SIGUSR1');
    const { variables } = await client.take('renew');

    expect(restored).toEqual([before]);
    expect(variables['ip']).toBe('10.135.0.100');
    const [after] = (await next.ask('leases')) as { startedAtMs: number; expiresAtMs: number }[];
    expect(after?.startedAtMs).toBe(before?.startedAtMs);
    expect(after?.expiresAtMs).toBeGreaterThan(before?.expiresAtMs ?? 0);
  });

  it('a client that comes with an address of another network is refused, and gets a right one', async () => {
    const { server } = await site.startServer();
    const space = site.addClient('pc');
    const first = new Dhclient(site.lab, space, site.folder, '');
    await first.take('BOUND');
    await first.stop();
    await server.stop();
    site.lab.ip(site.serverSpace, 'address', 'flush', 'dev', 'lan1');
    site.lab.ip(site.serverSpace, 'address', 'add', '10.140.0.1/24', 'brd', '+', 'dev', 'lan1');
    await site.startServer({
      interfaces: [{ ...lanInterface, address: '10.140.0.1' }],
      subnets: [
        { subnet: '10.140.0.0/24', ranges: [{ first: '10.140.0.10', last: '10.140.0.20' }] },
      ],
    });

    // INIT-REBOOT with 10.135.0.100 → NAK → DISCOVER.
    const { variables } = await new Dhclient(site.lab, space, site.folder, '').take('BOUND');

    expect(variables['new_ip_address']).toBe('10.140.0.10');
  });

  it('a full pool gives the next client nothing, and serves it when an address is given back', async () => {
    const tiny = { ...lan, ranges: [{ first: '10.135.0.100', last: '10.135.0.100' }] };
    const { server } = await site.startServer({ ...lanSettings, subnets: [tiny] });
    const first = new Udhcpc(site.lab, site.addClient('first'), site.folder, {});
    await first.take('bound');
    const second = new Udhcpc(site.lab, site.addClient('second'), site.folder, {
      more: ['-A', '1'],
    });

    const full = await server.events.take('poolFull');
    first.signal('SIGUSR2');
    const { variables } = await second.take('bound');

    expect(full).toMatchObject({ interfaceName: 'lan1' });
    expect(variables['ip']).toBe('10.135.0.100');
  });

  it('[DEV-040] one that was rejected is offered nothing, loses the address it has, and the log says why', async () => {
    const { server } = await site.startServer();
    const space = site.addClient('phone', { mac: '02:00:00:00:00:01' });
    const known = new Udhcpc(site.lab, space, site.folder, {
      more: ['-A', '1', '-t', '2', '-T', '1'],
    });
    await known.take('bound');

    await server.ask('reject', '020000000001');
    known.signal('SIGUSR1');
    await known.take('nak');
    await known.take('leasefail');
    const other = new Udhcpc(
      site.lab,
      site.addClient('other', { mac: '02:00:00:00:00:02' }),
      site.folder,
      {},
    );

    expect((await other.take('bound')).variables['ip']).toBe('10.135.0.101');
    expect(await server.events.take('info')).toEqual({
      message: 'A rejected device gets no address',
      interface: 'lan1',
      mac: '020000000001',
    });
  });

  it('an address that a stranger answers on is not offered', async () => {
    const { server } = await site.startServer();
    site.addClient('stranger', { address: '10.135.0.100/23', mac: '02:00:00:00:00:99' });
    const client = new Udhcpc(
      site.lab,
      site.addClient('phone', { mac: '02:00:00:00:00:01' }),
      site.folder,
      {},
    );

    const { variables } = await client.take('bound');

    expect(variables['ip']).toBe('10.135.0.101');
    expect(await server.events.take('addressConflict')).toEqual({
      interfaceName: 'lan1',
      address: '10.135.0.100',
      mac: '020000000001',
      strangerMac: '020000000099',
    });
  });

  it('each interface serves its own network, and one that is off serves nobody', async () => {
    site.lab.addSwitch(site.serverSpace, 'lan2', '10.150.0.1/24');
    site.lab.addSwitch(site.serverSpace, 'wan', '10.160.0.1/24');
    const clients = ['lan1', 'lan2', 'wan'].map((name) => {
      const space = site.lab.addNamespace(`at-${name}`);
      site.lab.connect(space, 'eth0', { namespace: site.serverSpace, switch: name });
      return space;
    });
    const { states } = await site.startServer({
      interfaces: [
        lanInterface,
        { ...lanInterface, name: 'lan2', address: '10.150.0.1' },
        { ...lanInterface, name: 'wan', address: '10.160.0.1', isEnabled: false },
      ],
      subnets: [
        lan,
        { subnet: '10.150.0.0/24', ranges: [{ first: '10.150.0.50', last: '10.150.0.60' }] },
        { subnet: '10.160.0.0/24', ranges: [{ first: '10.160.0.50', last: '10.160.0.60' }] },
      ],
    });
    const [atLan1, atLan2, atWan] = clients.map(
      (space) => new Udhcpc(site.lab, space, site.folder, { more: ['-t', '2', '-T', '1'] }),
    );

    expect(states).toMatchObject([{ state: 'running' }, { state: 'running' }, { state: 'off' }]);
    expect((await atLan1?.take('bound'))?.variables['ip']).toBe('10.135.0.100');
    expect((await atLan2?.take('bound'))?.variables['ip']).toBe('10.150.0.50');
    await atWan?.take('leasefail');
  });
});
