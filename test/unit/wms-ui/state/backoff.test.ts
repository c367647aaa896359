import { expect, test } from 'vitest';
import { reconnectDelayMs } from '../../../../wms-ui/src/lib/state/backoff.ts';

test('reconnects at once at first, then ever later, never later than 2 s', () => {
  const latest = [0, 1, 2, 3, 4, 50].map((attempt) => reconnectDelayMs(attempt, 1));
  expect(latest).toEqual([250, 500, 1000, 2000, 2000, 2000]);
  const earliest = [0, 1, 2, 3, 50].map((attempt) => reconnectDelayMs(attempt, 0));
  expect(earliest).toEqual([188, 375, 750, 1500, 1500]);
});
