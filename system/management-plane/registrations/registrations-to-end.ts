/** Which registrations have no ground any more after a change of the configuration: pure. */
import type { EndedRegistrations } from '../../bus/contract.ts';
import { deviceOwnerId } from '../../configuration/entities/device.ts';
import type { UserId } from '../../foundation/ids.ts';
import type { EntityChange } from '../configuration-store/revision.ts';

/**
 * Users that were deleted, disabled or are called otherwise lose all registrations; a new SIP
 * password of theirs ends those that were made with it. Devices that were deleted or got new
 * passwords lose all; others those of lines that they have no more.
 */
export function registrationsToEnd(changes: readonly EntityChange[]): EndedRegistrations {
  const userIds: UserId[] = [];
  const ownAccountsOf: UserId[] = [];
  const devices: string[] = [];
  const lines: { readonly device: string; readonly userId: UserId }[] = [];
  for (const { entity, kind, id, fields } of changes) {
    const has = (name: string): boolean => fields.some(({ field }) => field === name);
    if (entity === 'user' && kind !== 'create') {
      const isCalledOtherwise = has('sipUsername') || (has('extension') && has('sipCredentials'));
      if (kind === 'delete' || has('enabled') || isCalledOtherwise) {
        userIds.push(id as UserId);
      } else if (has('sipCredentials')) {
        ownAccountsOf.push(id as UserId);
      }
    }
    if ((entity === 'device' || entity === 'dect-handset') && kind !== 'create') {
      if (kind === 'delete' || has('credentials')) {
        devices.push(id);
      } else {
        lines.push(...endedLines(id, fields));
      }
    }
  }
  return { userIds, ownAccountsOf, devices, lines };
}

function endedLines(device: string, fields: EntityChange['fields']): EndedRegistrations['lines'] {
  const handset = fields.find(({ field }) => field === 'user');
  const change = handset
    ? { before: toLines(handset.before), after: toLines(handset.after) }
    : fields.find(({ field }) => field === 'lines');
  if (change === undefined) {
    return [];
  }
  const after = toOwners(device, change.after);
  return toOwners(device, change.before)
    .filter((owner) => !after.includes(owner))
    .map((owner) => ({ device, userId: owner as UserId }));
}

/** A handset has one user or none. */
function toLines(user: unknown): readonly unknown[] {
  return user === undefined ? [] : [user];
}

/** Whom the device registers for: its users, or itself while it has none. */
function toOwners(mac: string, lines: unknown): readonly string[] {
  const userIds = Array.isArray(lines) ? (lines as readonly string[]) : [];
  return userIds.length === 0 ? [deviceOwnerId(mac)] : userIds;
}
