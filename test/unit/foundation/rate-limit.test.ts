import { describe, expect, it } from 'vitest';

import { RateLimit } from '../../../system/foundation/rate-limit.ts';

const limits = {
  all: { burst: 10, perSecond: 100 },
  perKey: { burst: 3, perSecond: 1 },
  maximumKeys: 2,
};

function countAdmitted(limit: RateLimit, key: string, tries: number, nowMs: number): number {
  return Array.from({ length: tries }, () => limit.admit(key, nowMs)).filter(Boolean).length;
}

describe('a rate limit', () => {
  it('admits a burst per key, then as many as the rate allows', () => {
    const limit = new RateLimit(limits, 0);

    expect(countAdmitted(limit, 'a', 100, 0)).toBe(3);
    expect(countAdmitted(limit, 'a', 100, 2_000)).toBe(2);
    expect(countAdmitted(limit, 'a', 100, 1_000_000)).toBe(3);
  });

  it('of all is not used up by one key, but by many', () => {
    const limit = new RateLimit(limits, 0);

    expect(countAdmitted(limit, 'flood', 1_000, 0)).toBe(3);
    const others = ['a', 'b', 'c', 'd'].map((key) => countAdmitted(limit, key, 3, 0));
    expect(others).toEqual([3, 3, 1, 0]);
  });

  it('remembers a bounded number of keys', () => {
    const limit = new RateLimit({ ...limits, all: { burst: 1_000, perSecond: 0 } }, 0);
    countAdmitted(limit, 'a', 3, 0);
    const isKnown = limit.admit('a', 0);
    for (const key of ['b', 'c', 'd', 'e', 'f']) {
      limit.admit(key, 0);
    }

    expect(isKnown).toBe(false);
    expect(limit.admit('a', 0)).toBe(true);
  });
});
