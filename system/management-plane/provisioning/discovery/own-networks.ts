/** The IPv4 networks that the interfaces of the PBX stand in: only these can be scanned. */
import { networkInterfaces } from 'node:os';
import { parseIpv4, toMask } from '../../../../provisioning/ipv4.ts';
import type { OwnNetwork } from '../../../../provisioning/discovery/scan-range.ts';

export interface InterfaceNetwork extends OwnNetwork {
  readonly interfaceName: string;
}

export function readOwnNetworks(): readonly InterfaceNetwork[] {
  return Object.entries(networkInterfaces()).flatMap(([interfaceName, addresses = []]) =>
    addresses.flatMap(({ family, internal, address: text, cidr }) => {
      const address = family === 'IPv4' && !internal ? parseIpv4(text) : undefined;
      const prefixLength = Number(cidr?.split('/')[1] ?? 32);
      // One address alone has no neighbours.
      return address === undefined || prefixLength > 31
        ? []
        : [
            {
              interfaceName,
              address,
              subnet: { network: (address & toMask(prefixLength)) >>> 0, prefixLength },
            },
          ];
    }),
  );
}
