/** Which addresses a scan of the network asks: `10.0.0.7`, `10.0.0.10-40`, `10.0.0.1-10.0.0.40`, `10.0.0.0/24`. Pure. */
import {
  formatIpv4,
  isInSubnet,
  parseIpv4,
  toBroadcast,
  toMask,
  type Ipv4Address,
  type Ipv4Subnet,
} from '../ipv4.ts';
import { DiscoveryError } from './discovery-error.ts';

/** A network that an interface of ours stands in. */
export interface OwnNetwork {
  readonly address: Ipv4Address;
  readonly subnet: Ipv4Subnet;
}

/** So many addresses at most: a /22. */
export const maximumScanAddresses = 1_024;

interface Bounds {
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
}

/**
 * The addresses to ask, in order; network and broadcast address of the subnet and our own are left out.
 * Throws DiscoveryError `range` with a sentence that tells what is wrong.
 */
export function parseScanRange(text: string, own: readonly OwnNetwork[]): readonly Ipv4Address[] {
  const bounds = parseBounds(text.trim());
  if (bounds === undefined || bounds.last < bounds.first) {
    throw new DiscoveryError(
      'range',
      'Write an address, a range as 192.168.1.10-40, or a network as 192.168.1.0/24.',
    );
  }
  const { first, last } = bounds;
  if (last - first + 1 > maximumScanAddresses) {
    throw new DiscoveryError('range', 'At most 1,024 addresses (a /22) can be scanned at once.');
  }
  const near = own.find(({ subnet }) => isInSubnet(first, subnet) && isInSubnet(last, subnet));
  if (near === undefined) {
    const names = own.map(
      ({ subnet }) => `${formatIpv4(subnet.network)}/${String(subnet.prefixLength)}`,
    );
    throw new DiscoveryError(
      'range',
      `Only networks that the PBX stands in can be scanned${names.length === 0 ? '.' : `: ${names.join(', ')}.`}`,
    );
  }
  const isPointToPoint = near.subnet.prefixLength >= 31;
  const edges = isPointToPoint ? [] : [near.subnet.network, toBroadcast(near.subnet)];
  const left = new Set([...edges, ...own.map(({ address }) => address)]);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at).filter(
    (address) => !left.has(address),
  );
}

/** What to offer for a network: all of it, or of a large one the 256 addresses around ours. */
export function suggestRange({ address, subnet }: OwnNetwork): string {
  const prefixLength = subnet.prefixLength < 22 ? 24 : subnet.prefixLength;
  const network = (address & toMask(prefixLength)) >>> 0;
  return `${formatIpv4(network)}/${String(prefixLength)}`;
}

function parseBounds(text: string): Bounds | undefined {
  const [network = '', prefixText, ...more] = text.split('/');
  if (prefixText !== undefined) {
    const address = parseIpv4(network);
    const prefixLength = Number(prefixText);
    if (
      address === undefined ||
      more.length > 0 ||
      !/^\d{1,2}$/.test(prefixText) ||
      prefixLength > 32
    ) {
      return undefined;
    }
    const first = (address & toMask(prefixLength)) >>> 0;
    return { first, last: toBroadcast({ network: first, prefixLength }) };
  }
  const [firstText = '', lastText, ...others] = text.split('-').map((part) => part.trim());
  const first = parseIpv4(firstText);
  if (first === undefined || others.length > 0) {
    return undefined;
  }
  if (lastText === undefined) {
    return { first, last: first };
  }
  // `10.0.0.10-40`: the last number alone.
  const isShort = /^\d{1,3}$/.test(lastText);
  const last = parseIpv4(
    isShort ? `${formatIpv4(first).split('.').slice(0, 3).join('.')}.${lastText}` : lastText,
  );
  return last === undefined ? undefined : { first, last };
}
