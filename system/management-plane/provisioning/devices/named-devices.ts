/** Devices that a request names by their MACs. What is wrong with any of them is said of all at once. */
import { parseMac } from '../../../../provisioning/mac.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import type { Stored } from '../../configuration-store/configuration-store.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import { isDeviceAddress } from './device-address.ts';
import { DevicesError, type DevicesIssue } from './devices-error.ts';

/** MACs of devices to be made, in any spelling. Throws DevicesError `invalid`, `conflict` where one is there. */
export function parseNewMacs(
  directory: Pick<DeviceDirectory, 'find'>,
  macs: readonly string[],
): string[] {
  const issues: DevicesIssue[] = [];
  const parsed = new Set<string>();
  for (const [index, text] of macs.entries()) {
    const path = `macs.${String(index)}`;
    const mac = parseMac(text.trim());
    if (mac === undefined || !isDeviceAddress(mac)) {
      issues.push({ path, code: 'invalid-value', message: `${text} is no MAC of a device` });
    } else if (parsed.has(mac)) {
      issues.push({ path, code: 'repeated', message: `${text} is given twice` });
    } else {
      parsed.add(mac);
    }
  }
  if (issues.length > 0) {
    throw new DevicesError('invalid', 'Some MAC addresses are not valid.', issues);
  }
  const taken = [...parsed].filter((mac) => directory.find(mac) !== undefined);
  if (taken.length > 0) {
    throw new DevicesError(
      'conflict',
      'Some of the devices are there already.',
      taken.map((mac) => ({ path: mac, code: 'exists', message: `${mac} is there already` })),
    );
  }
  return [...parsed];
}

/** Each device once. Throws DevicesError `not-found` where one is not there. */
export function requireDevices(
  directory: Pick<DeviceDirectory, 'find'>,
  macs: readonly string[],
): Stored<Device>[] {
  const unique = [...new Set(macs)];
  const devices = unique.flatMap((mac) => directory.find(mac) ?? []);
  if (devices.length < unique.length) {
    const issues = unique
      .filter((mac) => directory.find(mac) === undefined)
      .map((mac) => ({ path: mac, code: 'not-found', message: `there is no device ${mac}` }));
    throw new DevicesError('not-found', 'Some of the devices are not there any more.', issues);
  }
  return devices;
}

/** IPv4 addresses that the devices were last seen with. Throws DevicesError `invalid`. */
export function receivedAddressesOf(
  seen: Pick<SeenDevices, 'find'>,
  macs: readonly string[],
): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  const issues: DevicesIssue[] = [];
  for (const mac of new Set(macs)) {
    const { address } = seen.find(mac);
    if (address === undefined || address.includes(':')) {
      const message = `the IPv4 address of ${mac} is not known`;
      issues.push({ path: 'changes.usesReceivedAddress', code: 'missing', message });
    } else {
      addresses.set(mac, address);
    }
  }
  if (issues.length > 0) {
    throw new DevicesError('invalid', 'Some addresses are not known.', issues);
  }
  return addresses;
}
