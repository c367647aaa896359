/** What a table of rows is told about its columns. */
import type { Snippet } from 'svelte';

export interface Column<Row> {
  /** Also the sort key of the API when `isSortable`. */
  readonly key: string;
  readonly label: string;
  readonly isSortable?: boolean;
  readonly isNumeric?: boolean;
  /** 1 stays on the narrowest screen, 2 leaves below 50rem of table width, 3 below 68rem, 4 below 80rem. */
  readonly priority?: 1 | 2 | 3 | 4;
  /** Takes what room the others leave; its text is cut short. */
  readonly isFlexible?: boolean;
  /** Plain text of the cell; `cell` draws it instead where given. */
  readonly text?: (row: Row) => string;
  readonly cell?: Snippet<[Row]>;
  /** Of a time that `text` tells shortly: pointing at it tells day and time zone. */
  readonly atMs?: (row: Row) => number;
}
