/**
 * Moving through the rows of a table and choosing them: arrows, Home and End move, Space selects, Enter
 * opens, Shift with arrows or a click selects all between.
 */
import type { Selection } from '../../state/selection.svelte.ts';

interface TableOfRows<Row> {
  readonly rows: () => readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly selection: () => Selection<Row> | undefined;
  readonly open: (row: Row) => void;
  readonly focus: (index: number) => void;
}

export class TableRows<Row> {
  readonly #table: TableOfRows<Row>;
  #active = $state(0);
  /** Where a range begins. */
  #anchor = 0;

  constructor(table: TableOfRows<Row>) {
    this.#table = table;
  }

  /** The row that takes part in the tab order. */
  get active(): number {
    return Math.min(this.#active, Math.max(0, this.#count - 1));
  }

  set active(index: number) {
    this.#active = index;
  }

  get #count(): number {
    return this.#table.rows().length;
  }

  /** How many of the rows that are here are chosen. */
  get selectedCount(): number {
    const selection = this.#table.selection();
    return selection === undefined
      ? 0
      : this.#table.rows().filter((row) => selection.has(this.#table.keyOf(row))).length;
  }

  /** Chooses all, or none where all are. */
  toggleAll(): void {
    const isSelecting = this.selectedCount < this.#count;
    for (const row of this.#table.rows()) {
      this.#table.selection()?.set(this.#table.keyOf(row), row, isSelecting);
    }
  }

  /** By the mouse. */
  toggle(event: MouseEvent, row: Row, index: number): void {
    if (event.shiftKey) {
      event.preventDefault();
      this.#selectRange(this.#anchor, index);
    } else {
      this.#toggle(row, index);
    }
    this.#active = index;
  }

  handleKey(event: KeyboardEvent, row: Row, index: number): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    switch (event.key) {
      case 'ArrowDown':
        this.#moveTo(index + 1);
        if (event.shiftKey) {
          this.#selectRange(index, index + 1);
        }
        break;
      case 'ArrowUp':
        this.#moveTo(index - 1);
        if (event.shiftKey) {
          this.#selectRange(index, index - 1);
        }
        break;
      case 'Home':
        this.#moveTo(0);
        break;
      case 'End':
        this.#moveTo(this.#count - 1);
        break;
      case ' ':
        this.#toggle(row, index);
        break;
      case 'Enter':
        this.#table.open(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  handleClick(event: MouseEvent, row: Row, index: number): void {
    const target = event.target;
    if (target instanceof Element && target.closest('button, a, input, label') !== null) {
      return;
    }
    // Marking text in a row with the mouse is not opening it.
    if ((getSelection()?.toString() ?? '') !== '') {
      return;
    }
    this.#active = index;
    this.#table.open(row);
  }

  #toggle(row: Row, index: number): void {
    this.#table.selection()?.toggle(this.#table.keyOf(row), row);
    this.#anchor = index;
  }

  #moveTo(index: number): void {
    this.#active = Math.max(0, Math.min(this.#count - 1, index));
    this.#table.focus(this.#active);
  }

  #selectRange(from: number, to: number): void {
    const rows = this.#table.rows();
    for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) {
      const row = rows[index];
      if (row !== undefined) {
        this.#table.selection()?.set(this.#table.keyOf(row), row, true);
      }
    }
  }
}
