/** One page of a list that is held in memory, in the order that was asked for. Pure. */
import type { Page } from './configuration-store.ts';

export interface PageQuery {
  readonly direction: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

/**
 * `keyOf`: what the items are sorted by. Items with the same key are in ascending order of `idOf`
 * whatever the direction, so that no page shows what another has shown.
 */
export function takePage<Item>(
  items: readonly Item[],
  { direction, page, pageSize }: PageQuery,
  keyOf: (item: Item) => string | number,
  idOf: (item: Item) => string | number,
): Page<Item> {
  const sign = direction === 'asc' ? 1 : -1;
  const sorted = items
    .map((item) => ({ item, key: keyOf(item), id: idOf(item) }))
    .sort((a, b) => (a.key === b.key ? compare(a.id, b.id) : sign * compare(a.key, b.key)));
  const start = (page - 1) * pageSize;
  return {
    items: sorted.slice(start, start + pageSize).map(({ item }) => item),
    total: items.length,
  };
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
