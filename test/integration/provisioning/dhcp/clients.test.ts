/** Our DHCP server with Debian's clients, each in a network namespace of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { DhcpSettings } from '../../../../provisioning/dhcp/settings.ts';
import { DhcpServerProcess, Udhcpc } from '../../../support/dhcp-peers.ts';
import { NetworkLab } from '../../../support/network-lab.ts';

const settings: DhcpSettings = {
  interfaces: [
    {
      name: 'lan1',
      address: '10.135.0.1',
      isEnabled: true,
      provisioningUrl: 'http://10.135.0.1/prov/',
      isAllowedBesideOthers: true,
    },
  ],
  subnets: [
    {
      subnet: '10.135.0.0/23',
      ranges: [{ first: '10.135.0.100', last: '10.135.0.199' }],
      routers: ['10.135.0.1'],
      dnsServers: ['10.135.0.1'],
      ntpServers: ['10.135.0.1'],
      domainName: 'campanile.lan',
      domainSearch: ['campanile.lan', 'example.com'],
      reservations: [{ mac: '02:00:00:00:00:77', address: '10.135.1.77', hostName: 'frontdesk' }],
    },
  ],
};

let lab: NetworkLab;
let folder: string;
let journal: string;
let serverSpace: string;

beforeEach(() => {
  lab = new NetworkLab();
  folder = mkdtempSync(join(tmpdir(), 'campanile-dhcp-'));
  journal = join(folder, 'leases');
  serverSpace = lab.addNamespace('server');
  lab.addSwitch(serverSpace, 'lan1', '10.135.0.1/23');
});

afterEach(() => {
  lab.close();
  rmSync(folder, { recursive: true });
});

function addClient(label: string, mac?: string): string {
  const space = lab.addNamespace(label);
  lab.connect(
    space,
    'eth0',
    { namespace: serverSpace, switch: 'lan1' },
    mac === undefined ? {} : { mac },
  );
  return space;
}

describe('udhcpc', () => {
  it('gets a lease', async () => {
    const { states } = await DhcpServerProcess.start(lab, serverSpace, settings, journal);
    expect(states).toMatchObject([{ state: 'running' }]);
    const client = new Udhcpc(lab, addClient('phone'), folder, {
      vendorClass: 'yealink',
      ask: [43, 150, 160],
    });
    const lease = await client.take('bound');
    expect(lease.variables).toMatchObject({ ip: '10.135.0.100' });
  });
});
