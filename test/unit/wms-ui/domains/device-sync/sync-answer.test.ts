import { expect, test } from 'vitest';
import { meaningOf } from '../../../../../wms-ui/src/domains/device-sync/sync-answer.ts';
import en from '../../../../../wms-ui/src/lib/i18n/en.json' with { type: 'json' };
import it from '../../../../../wms-ui/src/lib/i18n/it.json' with { type: 'json' };

test.each([
  ['refused', 481, 'unsupported'],
  ['refused', 489, 'unsupported'],
  ['refused', 401, 'credentials'],
  ['refused', 407, 'credentials'],
  ['refused', 403, 'forbidden'],
  ['refused', 404, 'unknown-line'],
  ['refused', 480, 'busy'],
  ['refused', 408, 'silent'],
  ['no-answer', undefined, 'silent'],
  ['refused', 499, 'refused'],
  ['accepted', 200, undefined],
  ['in-call', undefined, undefined],
])('a device that has %s with %s means %s, and both languages say what to do', (...row) => {
  const [outcome, status, expected] = row;
  const meaning = meaningOf(outcome, status);

  expect(meaning).toBe(expected);
  for (const texts of [en, it] as readonly Readonly<Record<string, unknown>>[]) {
    for (const key of meaning === undefined ? [] : ['syncAnswer', 'syncAdvice']) {
      expect(texts[`devices.${key}.${meaning ?? ''}`]).toEqual(expect.any(String));
    }
  }
});
