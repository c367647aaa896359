import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countChanges, foldDiff } from '../../../../../wms-ui/src/domains/device-sync/fold-diff.ts';

describe('a difference', () => {
  const line = (change: 'same' | 'removed' | 'added', text = '') => ({ change, text });

  test('keeps two lines around each change and counts the rest', () => {
    const lines = [
      ...Array.from({ length: 5 }, () => line('same')),
      line('removed', 'a'),
      line('added', 'b'),
      ...Array.from({ length: 4 }, () => line('same')),
    ];
    expect(
      foldDiff(lines).map((part) => (part.kind === 'gap' ? part.count : part.line.change)),
    ).toEqual([3, 'same', 'same', 'removed', 'added', 'same', 'same', 2]);
    expect(countChanges(lines)).toBe(2);
  });

  test('loses no line and no change, whatever it is', () => {
    const anyLine = fc.record({
      change: fc.constantFrom('same', 'removed', 'added'),
      text: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const parts = foldDiff(lines);
        const shown = parts.flatMap((part) => (part.kind === 'line' ? [part.line] : []));
        const left = parts.reduce((sum, part) => sum + (part.kind === 'gap' ? part.count : 0), 0);
        expect(shown.length + left).toBe(lines.length);
        expect(countChanges(shown)).toBe(countChanges(lines));
      }),
    );
  });
});
