import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffFiles, hasDrifted } from '../../../../provisioning/rendering/diff-files.ts';

function toLines(texts: readonly string[]) {
  return texts.map((text) => ({ text, shown: text }));
}

test('what was taken away stands before what came', () => {
  const before = toLines(['a = 1', 'b = 2', 'c = 3']);
  const after = toLines(['a = 1', 'b = 4', 'c = 3', 'd = 5']);
  expect(diffFiles(before, after).map(({ change, shown }) => `${change} ${shown}`)).toEqual([
    'same a = 1',
    'removed b = 2',
    'added b = 4',
    'same c = 3',
    'added d = 5',
  ]);
});

test('a changed password is a change, though people see the same', () => {
  const before = [{ text: 'password = old', shown: 'password = •••' }];
  const after = [{ text: 'password = new', shown: 'password = •••' }];
  expect(hasDrifted(before, after)).toBe(true);
  expect(JSON.stringify(diffFiles(before, after))).not.toMatch(/old|new/);
  expect(hasDrifted(after, after)).toBe(false);
});

const file = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });

test('both files can be read out of every difference', () => {
  fc.assert(
    fc.property(file, file, (before, after) => {
      const lines = diffFiles(toLines(before), toLines(after));
      const without = (change: string) =>
        lines.filter((line) => line.change !== change).map(({ shown }) => shown);
      expect(without('added')).toEqual(before);
      expect(without('removed')).toEqual(after);
    }),
  );
});

test('files without a common line are replaced in bounded time', () => {
  const before = toLines(Array.from({ length: 5_000 }, (_, index) => `a${index}`));
  const after = toLines(Array.from({ length: 5_000 }, (_, index) => `b${index}`));
  const started = performance.now();
  expect(diffFiles(before, after)).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(1_000);
});
