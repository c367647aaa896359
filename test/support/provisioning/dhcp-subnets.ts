/** The networks that tests of the DHCP responder speak in. */
import type { DhcpSettings, DhcpSubnet } from '../../../provisioning/dhcp/settings.ts';
import { DhcpConversation } from './dhcp-conversation.ts';

/** Three addresses, so that it is soon full. */
export const lan: DhcpSubnet = {
  subnet: '10.0.0.0/24',
  ranges: [{ first: '10.0.0.10', last: '10.0.0.12' }],
  routers: ['10.0.0.1'],
  leaseSec: 3_600,
};
/** Behind a relay agent. */
export const remote: DhcpSubnet = {
  subnet: '10.0.9.0/24',
  ranges: [{ first: '10.0.9.10', last: '10.0.9.20' }],
};

/** One interface, `lan1`, and these subnets. */
export function createSettings(...subnets: DhcpSubnet[]): DhcpSettings {
  return {
    interfaces: [
      {
        name: 'lan1',
        address: '10.0.0.1',
        isEnabled: true,
        provisioningUrl: 'http://10.0.0.1/prov/',
      },
    ],
    subnets,
  };
}

/** Our address in `lan`. */
export const server = '10.0.0.1';
/** Another client than the one that speaks by itself. */
export const other = { mac: '00005e005302' };

/** A conversation with a server for these subnets, `lan` if none is named. */
export function converse(...subnets: DhcpSubnet[]): DhcpConversation {
  return new DhcpConversation(createSettings(...(subnets.length === 0 ? [lan] : subnets)));
}
