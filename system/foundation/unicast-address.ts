/** Which texts are addresses that a packet can be sent to one host by. */
import { isIPv4, isIPv6 } from 'node:net';

const mappedPrefix = '::ffff:';

/**
 * Whether `text` is a numeric address of one host: no name, no zone (`fe80::1%eth0`), no multicast,
 * broadcast or reserved address. The unspecified address, which stands for "this host", is one.
 */
export function isUnicastAddress(text: string): boolean {
  if (isIPv4(text)) {
    // 224/4 is multicast, 240/4 reserved with the broadcast address as its last.
    return Number.parseInt(text, 10) < 224;
  }
  if (!isIPv6(text) || text.includes('%')) {
    return false;
  }
  if (text.toLowerCase().startsWith(mappedPrefix)) {
    return isUnicastAddress(text.slice(mappedPrefix.length));
  }
  return !/^f{2}/i.test(text);
}
