import { expect, test } from 'vitest';
import { z } from 'zod';
import { tellIssue } from '../../../../../system/configuration/tell-issue.ts';
import { issuesOfZod } from '../../../../../system/management-plane/api/errors/issues-of-zod.ts';

const schema = z.strictObject({
  name: z.string(),
  ids: z.array(z.int()),
  deep: z.strictObject({ on: z.boolean() }),
});

function issuesOf(value: unknown) {
  const result = schema.safeParse(value, { error: tellIssue });
  return result.success ? [] : issuesOfZod(result.error);
}

test('[API-032] names every issue of a request with its path at once', () => {
  const issues = issuesOf({ name: 1, ids: [1, 'x'], deep: { on: 'yes', off: 1 }, extra: true });

  expect(issues.map(({ path, code }) => ({ path, code }))).toEqual([
    { path: 'name', code: 'invalid-type' },
    { path: 'ids.1', code: 'invalid-type' },
    { path: 'deep.on', code: 'invalid-type' },
    { path: 'deep.off', code: 'unknown-field' },
    { path: 'extra', code: 'unknown-field' },
  ]);
});

test('says of a value that is not there that it is required', () => {
  const message = 'a value is required';
  expect(issuesOf({ ids: [], deep: {} })).toEqual([
    { path: 'name', code: 'missing', message },
    { path: 'deep.on', code: 'missing', message },
  ]);
});

test('stays small however much is wrong', () => {
  const unknown = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [`f${index.toString()}`, 1]),
  );
  const issues = issuesOf({
    name: 'x',
    ids: Array(5_000).fill('no'),
    deep: { on: true },
    ...unknown,
  });

  expect(issues.length).toBeLessThanOrEqual(200);
});
