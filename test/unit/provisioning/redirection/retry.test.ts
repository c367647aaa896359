import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../../provisioning/redirection/retry.ts';

test('what cannot succeed by waiting is not tried again by itself', () => {
  expect(retryDelayMs('rejected', 1, undefined)).toBeUndefined();
  expect(retryDelayMs('incomplete', 1, undefined)).toBeUndefined();
  expect(retryDelayMs('refused', 3, undefined)).toBeUndefined();
});

test('a service that cannot be reached is asked less and less, and at least four times a day', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (attempts) => {
      const delay = retryDelayMs('unreachable', attempts, undefined) ?? 0;
      expect(delay).toBeGreaterThanOrEqual(30_000);
      expect(delay).toBeLessThanOrEqual(21_600_000);
      expect(retryDelayMs('unreachable', attempts + 1, undefined)).toBeGreaterThanOrEqual(delay);
    }),
  );
});

test('a service that says when to come back is left alone until then', () => {
  expect(retryDelayMs('throttled', 1, 900)).toBe(900_000);
});
