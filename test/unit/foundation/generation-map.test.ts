import { describe, expect, it } from 'vitest';
import { GenerationMap } from '../../../system/foundation/generation-map.ts';

describe('map of two generations', () => {
  it('never holds more than two generations', () => {
    const map = new GenerationMap<number, number>(200);
    for (let key = 0; key < 10_000; key++) {
      map.set(key, key);
      expect(map.size).toBeLessThanOrEqual(200);
    }
    expect(map.get(9_999)).toBe(9_999);
    expect(map.get(0)).toBeUndefined();
  });

  it('keeps an entry that is used while others pass through', () => {
    const map = new GenerationMap<number, string>(20);
    map.set(-1, 'used');
    for (let key = 0; key < 1_000; key++) {
      map.set(key, 'passing');
      expect(map.get(-1)).toBe('used');
    }
  });
});
