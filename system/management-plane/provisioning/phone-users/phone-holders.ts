/** What users may log in at: devices with lines of their own, and handsets of DECT systems. */
import type { DectDirectory } from '../directory/dect-directory.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { PhoneHolder } from './phone-login.ts';

export function createPhoneHolders(
  devices: Pick<DeviceDirectory, 'find'>,
  dect: Pick<DectDirectory, 'findHandset'>,
): PhoneHolder[] {
  return [
    {
      linesOf: (mac) => devices.find(mac)?.document.lines,
      planAssignment: (mac, lines) => ({
        kind: 'update',
        entity: 'device',
        id: mac,
        after: { lines },
        ifVersion: devices.find(mac)?.version,
      }),
    },
    {
      linesOf: (id) => {
        const user = dect.findHandset(id)?.document.user;
        return dect.findHandset(id) === undefined ? undefined : user === undefined ? [] : [user];
      },
      planAssignment: (id, lines) => ({
        kind: 'update',
        entity: 'dect-handset',
        id,
        after: { user: lines.at(-1) ?? null },
        ifVersion: dect.findHandset(id)?.version,
      }),
    },
  ];
}
