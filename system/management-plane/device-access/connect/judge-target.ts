/**
 * Which addresses Connect may reach: private ones inside the networks that the PBX itself stands in, and
 * never the PBX. Pure: the interfaces are passed in.
 */
import { BlockList, isIP } from 'node:net';
import { isPrivateAddress } from '../../../foundation/private-network.ts';
import type { ConnectObstacle } from './connect-obstacle.ts';

export interface OwnAddress {
  readonly address: string;
  /** `10.0.0.1/24` */
  readonly cidr: string | null;
  readonly internal: boolean;
}

/** Undefined: it may be reached. */
export function judgeTarget(
  address: string,
  own: readonly OwnAddress[],
): ConnectObstacle | undefined {
  const version = isIP(address);
  if (version === 0) {
    return 'no-address';
  }
  if (own.some((one) => one.address.replace(/%.*$/, '') === address)) {
    return 'own-address';
  }
  const isLoopback = address === '::1' || /^(?:127|0)\./.test(address);
  // RFC 6598: beyond it there may be a provider's network.
  if (isLoopback || !isPrivateAddress(address) || address.startsWith('100.')) {
    return 'not-private';
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const isNear = own.some(({ cidr, internal }) => {
    const [network = '', bits = ''] = (cidr ?? '').split('/');
    if (internal || network.includes(':') !== (version === 6)) {
      return false;
    }
    // A whole class is nobody's local network; one address alone has no neighbours.
    if (Number(bits) < (version === 4 ? 8 : 48) || !isIP(network)) {
      return false;
    }
    const list = new BlockList();
    list.addSubnet(network, Number(bits), family);
    return list.check(address, family) && !isEdge(address, network, Number(bits));
  });
  return isNear ? undefined : 'elsewhere';
}

/** Network and broadcast address of an IPv4 subnet. */
function isEdge(address: string, network: string, bits: number): boolean {
  if (address.includes(':') || bits >= 31) {
    return false;
  }
  const toNumber = (text: string): number =>
    text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(toNumber(network) / size) * size;
  const offset = toNumber(address) - first;
  return offset === 0 || offset === size - 1;
}
