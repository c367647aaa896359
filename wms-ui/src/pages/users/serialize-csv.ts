/** Rows as CSV (RFC 4180); a cell a spreadsheet would run as a formula is defused. */
export function serializeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(serializeCell).join(',')}\r\n`).join('');
}

function serializeCell(cell: string): string {
  const safe = /^[=@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
