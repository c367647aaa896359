import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginEntry,
  type DigitRules,
  findResult,
  pressKey,
} from '../../../system/routing/digit-entry.ts';

const rules: DigitRules = {
  firstMs: 10_000,
  betweenMs: 3_000,
  longestMs: 20_000,
  maximumDigits: 6,
};

/** Keys with the second each is pressed in: when is it over, and what was entered? */
function enter(keys: string, everyMs: number): readonly [atMs: number, digits: string] {
  let entry = beginEntry(0);
  const pressed = keys.split('');
  for (let nowMs = 0; ; nowMs += 500) {
    if (nowMs > 0 && nowMs % everyMs === 0) {
      const key = pressed.shift();
      entry = key === undefined ? entry : pressKey(entry, key, rules, nowMs);
    }
    const digits = findResult(entry, rules, nowMs);
    if (digits !== undefined) {
      return [nowMs, digits];
    }
  }
}

test.each([
  ['201#', 500, 2_000, '201', '# ends them'],
  ['*201*', 500, 2_500, '201', 'so does *, which is nothing before them'],
  ['##201#', 500, 3_000, '201', 'as # is'],
  ['201', 500, 4_500, '201', 'a pause ends them'],
  ['1234567', 500, 3_000, '123456', 'their greatest number ends them'],
  ['12A4#', 500, 2_500, '124', 'letters are no digits'],
  ['', 500, 10_000, '', 'nobody types'],
  ['#*#', 500, 10_000, '', 'nobody types a digit'],
  ['12345', 2_500, 15_500, '12345', 'slow fingers'],
])('%s, a key every %i ms, is over after %i ms with %s: %s', (keys, everyMs, atMs, digits) => {
  expect(enter(keys, everyMs)).toEqual([atMs, digits]);
});

test('whatever is pressed and when, it is over in time with no more digits than allowed', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9*#A-D]{0,60}$/),
      fc.integer({ min: 1, max: 8 }),
      (keys, n) => {
        const [atMs, digits] = enter(keys, n * 500);
        expect(atMs).toBeLessThanOrEqual(rules.longestMs);
        expect(digits).toMatch(/^[0-9]{0,6}$/);
      },
    ),
  );
});
