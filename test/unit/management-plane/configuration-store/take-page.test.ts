import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takePage } from '../../../../system/management-plane/configuration-store/take-page.ts';

test('pages show every item once, in the order asked for, however many have the same key', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }),
      fc.constantFrom('asc', 'desc'),
      fc.integer({ min: 1, max: 7 }),
      (keys, direction, pageSize) => {
        const items = keys.map((key, id) => ({ key, id }));
        const shown = Array.from({ length: Math.ceil(items.length / pageSize) + 1 }, (_, index) =>
          takePage(
            items.toReversed(),
            { direction, page: index + 1, pageSize },
            ({ key }) => key,
            ({ id }) => id,
          ),
        );
        const sign = direction === 'asc' ? 1 : -1;
        expect(shown.flatMap((page) => page.items)).toEqual(
          items.toSorted((a, b) => sign * (a.key - b.key) || a.id - b.id),
        );
        expect(shown.map(({ total }) => total)).toEqual(shown.map(() => items.length));
      },
    ),
  );
});
