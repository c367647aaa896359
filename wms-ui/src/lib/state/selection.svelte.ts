/** Rows chosen in a table, by key; they stay chosen while the list is paged, sorted or searched. */
import { SvelteMap } from 'svelte/reactivity';

export class Selection<Row> {
  #rows = new SvelteMap<string, Row>();

  get size(): number {
    return this.#rows.size;
  }

  get keys(): readonly string[] {
    return [...this.#rows.keys()];
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()];
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  toggle(key: string, row: Row): void {
    this.set(key, row, !this.#rows.has(key));
  }

  set(key: string, row: Row, isSelected: boolean): void {
    if (isSelected) {
      this.#rows.set(key, row);
    } else {
      this.#rows.delete(key);
    }
  }

  clear(): void {
    this.#rows.clear();
  }
}
