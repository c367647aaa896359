/** Revisions as they leave; the store has taken the values of secrets out already. */
import type {
  EntityChange as StoredChange,
  RevisionSummary,
} from '../../../configuration-store/revision.ts';
import { presentInstant, presentOptionalInstant } from '../../wire/instant.ts';
import type { EntityChange, FieldValue, Revision } from './schema.ts';

export const maxChangesShown = 1_000;

export function presentRevision(revision: RevisionSummary): Revision {
  return {
    number: revision.number,
    at: presentInstant(revision.atMs),
    author: {
      kind: revision.author.kind,
      userId: revision.author.userId,
      name: revision.author.name,
    },
    reason: revision.reason,
    state: revision.state,
    confirmUntil: presentOptionalInstant(revision.confirmUntilMs),
    reverts: revision.reverts,
    operations: revision.operations.map(({ kind, entity, id, title }) => ({
      kind,
      entity,
      id,
      title,
    })),
    operationCount: revision.operationCount,
  };
}

export function presentChanges(changes: readonly StoredChange[]): EntityChange[] {
  return changes.slice(0, maxChangesShown).map(({ kind, entity, id, title, fields }) => ({
    kind,
    entity,
    id,
    title,
    fields: fields.map(({ field, before, after, isSecret }) => ({
      field,
      ...(isSecret ? {} : { before: toFieldValue(before), after: toFieldValue(after) }),
      isSecret,
    })),
  }));
}

/** A field's value as the entities declare them; undefined where there was none. */
function toFieldValue(value: unknown): FieldValue | undefined {
  return value === null ? undefined : (value as FieldValue | undefined);
}
