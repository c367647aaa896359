/**
 * How a revision is taken back: exactly what it changed, field by field, and nothing that came
 * later. Pure. What later changes depend on is a conflict, and then nothing is taken back.
 */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import { entityByName } from '../../configuration/entities/entity-registry.ts';
import type { OperationIssue } from './configuration-error.ts';
import { titleOf, type Draft } from './draft.ts';

/** One operation of the revision to be taken back, with complete documents. */
export interface PastOperation {
  readonly entity: EntityName;
  readonly id: string;
  readonly before: AnyDocument | undefined;
  readonly after: AnyDocument | undefined;
}

export interface RevertPlan {
  readonly drafts: readonly Draft[];
  readonly issues: readonly OperationIssue[];
}

/**
 * Whether two values of a field mean the same: sealed SIP credentials do when they hold the same
 * password, because user name and realm in them follow from other fields.
 */
export type IsSameValue = (
  entity: EntityName,
  id: string,
  field: string,
  a: unknown,
  b: unknown,
) => boolean;

export function planRevert(
  operations: readonly PastOperation[],
  findCurrent: (entity: EntityName, id: string) => AnyDocument | undefined,
  isSame: IsSameValue,
): RevertPlan {
  const drafts: Draft[] = [];
  const issues: OperationIssue[] = [];
  for (const past of operations) {
    const { entity, id } = past;
    const current = findCurrent(entity, id);
    const conflict = (path: string, message: string): void => {
      issues.push({ operation: undefined, entity, id, path, code: 'changed-since', message });
    };
    if (past.after === undefined) {
      if (current !== undefined) {
        conflict('', `${titleOf(entity, current)} has been created again since`);
      } else {
        drafts.push(draft(past, current, past.before));
      }
      continue;
    }
    if (current === undefined) {
      if (past.before !== undefined) {
        conflict('', `${titleOf(entity, past.after)} has been deleted since`);
      }
      continue;
    }
    const conflictingField = (field: string): void => {
      conflict(field, `${field} of ${titleOf(entity, current)} has been changed since`);
    };
    if (past.before === undefined) {
      const { after } = past;
      entityByName[entity].fieldNames
        .filter((field) => !isSame(entity, id, field, current[field], after[field]))
        .forEach(conflictingField);
      drafts.push(draft(past, current, undefined));
      continue;
    }
    const restored: Record<string, unknown> = { ...current };
    for (const field of entityByName[entity].fieldNames) {
      const old = past.before[field];
      const isChanged = !isSame(entity, id, field, old, past.after[field]);
      if (!isChanged || isSame(entity, id, field, current[field], old)) {
        continue;
      }
      if (!isSame(entity, id, field, current[field], past.after[field])) {
        conflictingField(field);
      } else if (old === undefined) {
        Reflect.deleteProperty(restored, field);
      } else {
        restored[field] = old;
      }
    }
    drafts.push(draft(past, current, restored));
  }
  return { drafts, issues };
}

function draft(
  past: PastOperation,
  before: AnyDocument | undefined,
  after: AnyDocument | undefined,
): Draft {
  const { entity, id } = past;
  return { entity, id, before, after, sipPassword: undefined, operation: undefined };
}
