/**
 * IPv4 addresses and subnets. Inside, an address is its 32-bit value, because pools and ranges
 * count through it; settings, events and people see text.
 */

/** An unsigned 32-bit number in host order: 10.0.0.1 is 0x0a000001. */
export type Ipv4Address = number;

export const unspecifiedAddress: Ipv4Address = 0;

const dottedQuad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Undefined unless it is four decimal numbers of 0 to 255 without leading zeros. */
export function parseIpv4(text: string): Ipv4Address | undefined {
  const match = dottedQuad.exec(text);
  if (match === null) {
    return undefined;
  }
  let address = 0;
  for (const part of match.slice(1)) {
    const byte = Number(part);
    if (byte > 255 || String(byte) !== part) {
      return undefined;
    }
    address = address * 256 + byte;
  }
  return address;
}

export function formatIpv4(address: Ipv4Address): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join('.');
}

export interface Ipv4Subnet {
  readonly network: Ipv4Address;
  /** 0 to 32. */
  readonly prefixLength: number;
}

/** Reads `10.0.0.0/24`; undefined where it is not one, or host bits are set. */
export function parseSubnet(text: string): Ipv4Subnet | undefined {
  const [addressText = '', prefixText = '', ...more] = text.split('/');
  const network = parseIpv4(addressText);
  if (network === undefined || more.length > 0 || !/^\d{1,2}$/.test(prefixText)) {
    return undefined;
  }
  const prefixLength = Number(prefixText);
  const subnet = { network, prefixLength };
  return prefixLength <= 32 && (network & toMask(prefixLength)) >>> 0 === network
    ? subnet
    : undefined;
}

export function formatSubnet(subnet: Ipv4Subnet): string {
  return `${formatIpv4(subnet.network)}/${String(subnet.prefixLength)}`;
}

export function toMask(prefixLength: number): Ipv4Address {
  return prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;
}

export function toBroadcast(subnet: Ipv4Subnet): Ipv4Address {
  return (subnet.network | ~toMask(subnet.prefixLength)) >>> 0;
}

export function isInSubnet(address: Ipv4Address, subnet: Ipv4Subnet): boolean {
  return (address & toMask(subnet.prefixLength)) >>> 0 === subnet.network;
}
