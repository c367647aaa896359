/**
 * The password with which the built-in administrator logs in for the first time. It works only while
 * no password was ever set, only for that account and only from the local network; it is no secret.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

export const factoryPassword = 'wildix';

const localNetworks = new BlockList();
// Loopback, RFC 1918, link-local (RFC 3927, RFC 4291), unique local (RFC 4193).
localNetworks.addSubnet('127.0.0.0', 8, 'ipv4');
localNetworks.addSubnet('10.0.0.0', 8, 'ipv4');
localNetworks.addSubnet('172.16.0.0', 12, 'ipv4');
localNetworks.addSubnet('192.168.0.0', 16, 'ipv4');
localNetworks.addSubnet('169.254.0.0', 16, 'ipv4');
localNetworks.addAddress('::1', 'ipv6');
localNetworks.addSubnet('fe80::', 10, 'ipv6');
localNetworks.addSubnet('fc00::', 7, 'ipv6');

/** Whether the address of a peer belongs to a local network; anything unreadable does not. */
export function isLocalAddress(address: string): boolean {
  const plain = toPlainAddress(address);
  if (isIPv4(plain)) {
    return localNetworks.check(plain, 'ipv4');
  }
  return isIPv6(plain) && localNetworks.check(plain, 'ipv6');
}

/** Without the zone of IPv6 (`%eth0`), and IPv4 where a dual-stack socket wrote it as IPv6. */
export function toPlainAddress(address: string): string {
  const zoneAt = address.indexOf('%');
  const withoutZone = (zoneAt === -1 ? address : address.slice(0, zoneAt)).toLowerCase();
  const mapped = withoutZone.startsWith('::ffff:') ? withoutZone.slice(7) : '';
  return isIPv4(mapped) ? mapped : withoutZone;
}
