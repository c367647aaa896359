/** A deleted user has no lines on devices: they go within the same revision. Pure. */
import type { Device } from '../../configuration/entities/device.ts';
import { withoutLinesOf } from '../../configuration/entities/without-lines.ts';
import type { Stored } from './configuration-store.ts';
import type { Draft } from './draft.ts';

export function deletedUsersOf(drafts: readonly Draft[]): ReadonlySet<string> {
  return new Set(
    drafts
      .filter(({ entity, after }) => entity === 'user' && after === undefined)
      .map(({ id }) => id),
  );
}

/** The drafts together with what the deletion does to devices, whether or not they are changed too. */
export function unassignDeleted(
  drafts: readonly Draft[],
  devices: readonly Stored<Device>[],
): readonly Draft[] {
  const deleted = deletedUsersOf(drafts);
  const named = new Set(drafts.filter(({ entity }) => entity === 'device').map(({ id }) => id));
  const changed = drafts.map((draft) =>
    draft.entity === 'device' && draft.after !== undefined
      ? { ...draft, after: withoutLinesOf(draft.after as Device, deleted) }
      : draft,
  );
  const others = devices.flatMap(({ id, document }): Draft[] => {
    const after = withoutLinesOf(document, deleted);
    return named.has(id) || after === document
      ? []
      : [
          {
            entity: 'device',
            id,
            before: document,
            after,
            sipPassword: undefined,
            operation: undefined,
          },
        ];
  });
  return [...changed, ...others];
}
