/** The hardware address of one of our own interfaces. */
import { networkInterfaces } from 'node:os';

/** Undefined where the interface has no address yet, or none of hardware. */
export function findHardwareAddress(interfaceName: string): Buffer | undefined {
  const mac = networkInterfaces()[interfaceName]?.[0]?.mac.replaceAll(':', '');
  return mac === undefined || /^0+$/.test(mac) ? undefined : Buffer.from(mac, 'hex');
}
