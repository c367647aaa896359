/** Which MAC addresses a device can have. */

/** Not a group address, not all zeros. */
export function isDeviceAddress(mac: string): boolean {
  return mac !== '000000000000' && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0;
}
