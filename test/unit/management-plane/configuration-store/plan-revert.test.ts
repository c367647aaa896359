import { describe, expect, it } from 'vitest';
import {
  isEqualValue,
  type AnyDocument,
} from '../../../../system/configuration/entities/entity.ts';
import {
  planRevert,
  type PastOperation,
} from '../../../../system/management-plane/configuration-store/plan-revert.ts';

const ada = { name: 'Ada', extension: '101', role: 'user', aliases: ['a'] };

function plan(past: Pick<PastOperation, 'before' | 'after'>, current: AnyDocument | undefined) {
  const { drafts, issues } = planRevert(
    [{ entity: 'user', id: 'u1', ...past }],
    () => current,
    (_entity, _id, _field, a, b) => isEqualValue(a, b),
  );
  return { after: drafts.map((draft) => draft.after), issues: issues.map((issue) => issue.path) };
}

describe('planRevert', () => {
  const past = { before: ada, after: { ...ada, name: 'Augusta', email: 'a@example.com' } };

  it.each([
    ['restores what the revision changed', past, past.after, ada, []],
    [
      'keeps what was changed later in other fields',
      past,
      { ...past.after, department: 'R&D' },
      { ...ada, department: 'R&D' },
      [],
    ],
    [
      'leaves a field alone that has its old value again',
      past,
      { ...past.after, name: 'Ada' },
      ada,
      [],
    ],
    [
      'reports a field that was changed since',
      past,
      { ...past.after, name: 'Countess' },
      { ...ada, name: 'Countess' },
      ['name'],
    ],
    ['deletes what the revision created', { before: undefined, after: ada }, ada, undefined, []],
    [
      'reports a created entity that was changed since',
      { before: undefined, after: ada },
      { ...ada, email: 'a@example.com' },
      undefined,
      ['email'],
    ],
    ['creates what the revision deleted', { before: ada, after: undefined }, undefined, ada, []],
  ])('%s', (_title, operation, current, after, issues) => {
    expect(plan(operation, current)).toEqual({ after: [after], issues });
  });

  it.each([
    ['a deleted entity that exists again', { before: ada, after: undefined }, ada, ['']],
    ['a changed entity that was deleted since', past, undefined, ['']],
    ['nothing for a created entity that is gone', { before: undefined, after: ada }, undefined, []],
  ])('drafts nothing and reports %s', (_title, operation, current, issues) => {
    expect(plan(operation, current)).toEqual({ after: [], issues });
  });
});
