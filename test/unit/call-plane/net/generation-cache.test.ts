import { describe, expect, it } from 'vitest';
import { GenerationCache } from '../../../../system/call-plane/net/generation-cache.ts';

describe('generation cache', () => {
  it('never holds more than two generations', () => {
    const cache = new GenerationCache<number, number>(100);
    for (let key = 0; key < 10_000; key++) {
      cache.set(key, key);
      expect(cache.size).toBeLessThanOrEqual(200);
    }
    expect(cache.get(9_999)).toBe(9_999);
    expect(cache.get(0)).toBeUndefined();
  });

  it('keeps an entry that is used while others pass through', () => {
    const cache = new GenerationCache<number, string>(10);
    cache.set(-1, 'used');
    for (let key = 0; key < 1_000; key++) {
      cache.set(key, 'passing');
      expect(cache.get(-1)).toBe('used');
    }
  });
});
