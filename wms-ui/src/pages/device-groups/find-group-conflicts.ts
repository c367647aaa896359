/**
 * Where two groups of the same devices say different things, for instance two versions of a
 * firmware: nothing is wrong then, the later group wins, but somebody may not know. Pure.
 */
import type { DeviceGroup } from '../../../../system/management-plane/api/routes/device-groups/schema.ts';

export interface GroupConflict {
  readonly setting: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly own: string;
  readonly other: string;
}

type Group = Pick<DeviceGroup, 'id' | 'name' | 'settings'>;

export function findGroupConflicts(
  group: Group,
  all: readonly Group[],
  members: readonly { readonly groups: readonly string[] }[],
): readonly GroupConflict[] {
  const beside = new Set(members.flatMap(({ groups }) => groups));
  beside.delete(group.id);
  return all
    .filter(({ id }) => beside.has(id))
    .flatMap((other) =>
      Object.entries(group.settings).flatMap(([setting, value]) => {
        const theirs = other.settings[setting];
        const isSame = theirs === undefined || JSON.stringify(theirs) === JSON.stringify(value);
        return isSame
          ? []
          : [
              {
                setting,
                groupId: other.id,
                groupName: other.name,
                own: describe(value),
                other: describe(theirs),
              },
            ];
      }),
    );
}

function describe(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
