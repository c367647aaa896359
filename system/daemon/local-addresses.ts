/** The addresses of this machine that others can use for what listens on `listenAddresses`. */
import { networkInterfaces } from 'node:os';

export function findLocalAddresses(listenAddresses: readonly string[]): string[] {
  const found = new Set<string>();
  for (const listenAddress of listenAddresses) {
    if (listenAddress !== '0.0.0.0' && listenAddress !== '::') {
      found.add(listenAddress);
      continue;
    }
    const family = listenAddress === '::' ? 'IPv6' : 'IPv4';
    for (const addresses of Object.values(networkInterfaces())) {
      for (const { address, family: own, internal } of addresses ?? []) {
        if (own === family && !internal && !address.startsWith('fe80:')) {
          found.add(address);
        }
      }
    }
  }
  return found.size > 0 ? [...found] : ['127.0.0.1'];
}
