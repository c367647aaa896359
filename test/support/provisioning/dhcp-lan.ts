/** A network with our DHCP server in a namespace of its own, and room for clients. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  DhcpInterface,
  DhcpSettings,
  DhcpSubnet,
} from '../../../provisioning/dhcp/settings.ts';
import { NetworkLab } from '../network-lab.ts';
import { DhcpServerProcess } from './dhcp-peers.ts';

export const lan: DhcpSubnet = {
  subnet: '10.135.0.0/23',
  ranges: [{ first: '10.135.0.100', last: '10.135.0.199' }],
  routers: ['10.135.0.1'],
  dnsServers: ['10.135.0.1', '10.135.0.2'],
  ntpServers: ['10.135.0.1'],
  domainName: 'campanile.lan',
  domainSearch: ['campanile.lan', 'example.com'],
  reservations: [
    { mac: '02:00:00:00:00:77', address: '10.135.1.77', hostName: 'frontdesk', tags: ['lobby'] },
  ],
  optionRules: [
    {
      name: 'Way to the data centre',
      options: [
        {
          code: 121,
          value: { type: 'routes', routes: [{ subnet: '10.9.0.0/16', router: '10.135.0.3' }] },
        },
      ],
    },
    {
      name: 'Lobby',
      when: { tags: ['lobby'] },
      options: [{ code: 230, value: { type: 'text', text: 'hello' } }],
    },
  ],
};

export const lanInterface: DhcpInterface = {
  name: 'lan1',
  address: '10.135.0.1',
  isEnabled: true,
  provisioningUrl: 'http://10.135.0.1/prov/',
  isAllowedBesideOthers: true,
};

export const lanSettings: DhcpSettings = { interfaces: [lanInterface], subnets: [lan] };

export class DhcpLan {
  readonly lab = new NetworkLab();
  /** For what clients keep. */
  readonly folder = mkdtempSync(join(tmpdir(), 'campanile-dhcp-'));
  /** Where the server keeps its leases. */
  readonly journal = join(this.folder, 'leases');
  readonly serverSpace = this.lab.addNamespace('server');

  constructor() {
    this.lab.addSwitch(this.serverSpace, 'lan1', '10.135.0.1/23');
  }

  /** Returns the namespace; its interface is `eth0`. */
  addClient(label: string, options: { mac?: string; address?: string } = {}): string {
    const space = this.lab.addNamespace(label);
    this.lab.connect(space, 'eth0', { namespace: this.serverSpace, switch: 'lan1' }, options);
    return space;
  }

  startServer(settings: DhcpSettings = lanSettings): ReturnType<typeof DhcpServerProcess.start> {
    return DhcpServerProcess.start(this.lab, this.serverSpace, settings, this.journal);
  }

  close(): void {
    this.lab.close();
    rmSync(this.folder, { recursive: true });
  }
}
