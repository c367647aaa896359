/** The users of a base in a DECT system are its handsets': lines of its own would be ignored. */
import { DevicesError, type DevicesIssue } from './devices-error.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';

/** Throws DevicesError `conflict` when one of the devices that get lines is such a base. */
export function refuseBaseLines(
  dect: Pick<DectDirectory, 'systemOfBase'>,
  devices: readonly {
    readonly mac: string;
    readonly lines: readonly unknown[] | null | undefined;
  }[],
): void {
  const issues = devices.flatMap(({ mac, lines }): DevicesIssue[] => {
    const system = dect.systemOfBase(mac)?.document.name;
    const message = `${mac} is a base of the DECT system ${system ?? ''}`;
    return system === undefined || (lines ?? []).length === 0
      ? []
      : [{ path: mac, code: 'contradiction', message }];
  });
  if (issues.length > 0) {
    throw new DevicesError('conflict', 'Users of a DECT base get handsets instead.', issues);
  }
}
