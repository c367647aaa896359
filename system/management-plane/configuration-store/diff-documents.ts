/** What differs between two documents of one entity; secrets only say that they changed. */
import { type AnyDocument, isEqualValue } from '../../configuration/entities/entity.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import { entityByName } from '../../configuration/entities/entity-registry.ts';
import { kindOf, titleOf } from './draft.ts';
import type { EntityChange, FieldChange } from './revision.ts';

/** Both complete; undefined where the entity is not there. */
export function diffDocuments(
  entity: EntityName,
  before: AnyDocument | undefined,
  after: AnyDocument | undefined,
): FieldChange[] {
  const { fieldNames, fields } = entityByName[entity];
  const changes: FieldChange[] = [];
  for (const field of fieldNames) {
    const old = before?.[field];
    const now = after?.[field];
    if (isEqualValue(old, now)) {
      continue;
    }
    const isSecret = fields[field]?.isSecret ?? true;
    changes.push(
      isSecret
        ? { field, before: undefined, after: undefined, isSecret }
        : { field, before: old, after: now, isSecret },
    );
  }
  return changes;
}

/** Undefined when nothing differs. */
export function toEntityChange(
  entity: EntityName,
  id: string,
  before: AnyDocument | undefined,
  after: AnyDocument | undefined,
): EntityChange | undefined {
  const known = after ?? before;
  const fields = diffDocuments(entity, before, after);
  if (known === undefined || (fields.length === 0 && before !== undefined && after !== undefined)) {
    return undefined;
  }
  return { kind: kindOf({ before, after }), entity, id, title: titleOf(entity, known), fields };
}
