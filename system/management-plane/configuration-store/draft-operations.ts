/** Turns operations into drafts: pure, given the documents that are there now. */
import type { AnyDocument } from '../../configuration/entities/entity.ts';
import { singleIds } from '../../configuration/entities/entity-registry.ts';
import type { IssueCode } from '../../configuration/entities/validation-issue.ts';
import { Secret } from '../../foundation/secret.ts';
import type { OperationIssue } from './configuration-error.ts';
import type { Stored } from './configuration-store.ts';
import { keyOf, type Draft } from './draft.ts';
import type { Operation } from './operation.ts';

export interface DraftedOperations {
  /** One per entity, whatever the number of operations on it. */
  readonly drafts: readonly Draft[];
  readonly issues: readonly OperationIssue[];
  /** Operations whose entity was changed since the version that the caller saw. */
  readonly staleOperations: readonly number[];
}

/** Ids are chosen by whoever creates: random ones in practice. */
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

export function draftOperations(
  operations: readonly Operation[],
  current: ReadonlyMap<string, Stored<AnyDocument>>,
): DraftedOperations {
  const drafts = new Map<string, Draft>();
  const issues: OperationIssue[] = [];
  const staleOperations: number[] = [];
  for (const [index, operation] of operations.entries()) {
    const { entity, id } = operation;
    const refuse = (path: string, code: IssueCode, message: string): void => {
      issues.push({ operation: index, entity, id, path, code, message });
    };
    const key = keyOf(entity, id);
    const stored = current.get(key);
    const draft = drafts.get(key);
    // A record of which there is one is there from the beginning, though not yet stored.
    const atFirst = singleIds[entity] === id && operation.kind === 'update' ? {} : undefined;
    const latest = draft === undefined ? (stored?.document ?? atFirst) : draft.after;
    const before = stored?.document;

    if (operation.kind === 'create') {
      if (!idPattern.test(id)) {
        refuse('id', 'invalid-value', 'an id consists of 1 to 64 letters, digits, _ and -');
      } else if (latest !== undefined) {
        refuse('id', 'exists', `there is already a ${entity} ${id}`);
      } else {
        drafts.set(key, merge(operation, before, {}, draft, index));
      }
      continue;
    }
    if (latest === undefined) {
      refuse('id', 'not-found', `there is no ${entity} ${id}`);
      continue;
    }
    if (operation.ifVersion !== undefined && operation.ifVersion !== (stored?.version ?? 0)) {
      staleOperations.push(index);
      continue;
    }
    if (operation.kind === 'update') {
      drafts.set(key, merge(operation, before, latest, draft, index));
    } else {
      drafts.set(key, {
        entity,
        id,
        before,
        after: undefined,
        sipPassword: undefined,
        operation: index,
      });
    }
  }
  return { drafts: [...drafts.values()], issues, staleOperations };
}

function merge(
  operation: Extract<Operation, { readonly after: unknown }>,
  before: AnyDocument | undefined,
  latest: AnyDocument,
  draft: Draft | undefined,
  index: number,
): Draft {
  const after: Record<string, unknown> = { ...latest };
  let sipPassword = draft?.sipPassword;
  for (const [field, value] of Object.entries<unknown>({ ...operation.after })) {
    if (field === 'sipPassword' && operation.entity === 'user') {
      sipPassword = value instanceof Secret || value === null ? value : sipPassword;
    } else if (field === 'sipCredentials') {
      // Never taken from outside: only the store seals.
      after['sipPassword'] = 'use the field sipPassword';
    } else if (value === null) {
      Reflect.deleteProperty(after, field);
    } else if (value !== undefined) {
      after[field] = value;
    }
  }
  const { entity, id } = operation;
  return { entity, id, before, after, sipPassword, operation: index };
}
