/**
 * Values as they stand in columns, alike on every database: instants are milliseconds since 1970 UTC
 * in BIGINT columns, booleans are 0 and 1, documents are JSON text.
 */
export type SqlBoolean = 0 | 1;

export function toSqlBoolean(value: boolean): SqlBoolean {
  return value ? 1 : 0;
}

export function fromSqlBoolean(value: number): boolean {
  return value !== 0;
}

/** So many values at most in one statement: every database takes that many. */
const maxValuesPerStatement = 10_000;

/** Rows in pieces that fit one INSERT, or keys in pieces that fit one IN list. */
export function* inChunks<Item>(items: readonly Item[], valuesPerItem = 1): Generator<Item[]> {
  const size = Math.max(1, Math.floor(maxValuesPerStatement / valuesPerItem));
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
  }
}

/** The pattern for `LIKE … ESCAPE '!'` that finds `text` anywhere. */
export function likeAnywhere(text: string): string {
  return `%${text.replace(/[!%_]/g, '!$&')}%`;
}
