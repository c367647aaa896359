/**
 * An INSERT into one table, prepared once and run row by row: for what is stored all the time, where
 * building and compiling a statement of many rows costs more than storing them.
 */
import type BetterSqlite3 from 'better-sqlite3';

/** Of a name in our own tables, which needs no escaping: what else would be written is refused. */
const plainName = /^[a-z_]+$/;

export class PreparedInsert<Row extends object> {
  readonly #statement: BetterSqlite3.Statement;
  readonly #columns: readonly (keyof Row & string)[];

  /** Columns that are not named stay null. */
  constructor(
    handle: BetterSqlite3.Database,
    table: string,
    columns: readonly (keyof Row & string)[],
  ) {
    if (![table, ...columns].every((name) => plainName.test(name))) {
      throw new Error('not a name of ours');
    }
    const places = columns.map(() => '?').join(', ');
    this.#statement = handle.prepare(
      `insert into ${table} (${columns.join(', ')}) values (${places}) on conflict do nothing`,
    );
    this.#columns = columns;
  }

  /** Whether it was stored; false when a row with the same unique key is there already. */
  run(row: Row): boolean {
    return this.#statement.run(this.#columns.map((column) => row[column])).changes === 1;
  }
}
