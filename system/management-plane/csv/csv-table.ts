/**
 * Comma-separated text (RFC 4180) with a heading line, as spreadsheets write it: finds out the
 * delimiter, reports every row it cannot read, and never throws on what a file holds.
 */
import { parse } from 'csv-parse/sync';
import { toErrorMessage } from '../../foundation/app-error.ts';
import { restoreFormula } from './formula.ts';

export const csvLimits = {
  fileBytes: 10_000_000,
  rows: 10_000,
  /** Characters of one row, so that a forgotten quote does not swallow the whole file. */
  rowCharacters: 20_000,
  /** Of one line as it stands in the file, with its quotation marks and delimiters. */
  lineCharacters: 50_000,
  columns: 50,
  /** More problems than this are not listed: the file is of another kind. */
  problems: 1_000,
} as const;

/** What the columns of a kind of file are called. */
export interface CsvColumns<Field> {
  /** Field by heading in lower case. */
  readonly byName: ReadonlyMap<string, Field>;
  /** At least one of them must be there. */
  readonly keys: readonly Field[];
  /** Heading that is named when none is. */
  readonly keyName: string;
  readonly missingKey: string;
  /** Rows that a file may have, where it is not `csvLimits.rows`. */
  readonly maximumRows?: number;
  /** Columns of other programs are passed over instead of being refused. */
  readonly ignoresOthers?: true;
}

export interface CsvRow<Field> {
  /** Line of the file in which the row ends; the heading is line 1. */
  readonly line: number;
  /** Only cells that are not empty: an empty cell leaves things as they are. */
  readonly cells: ReadonlyMap<Field, string>;
}

export interface CsvProblem {
  readonly line: number;
  /** Heading of the column, where the problem is one of a cell. */
  readonly column: string | undefined;
  readonly code: string;
  readonly message: string;
}

export interface CsvTable<Field> {
  readonly rows: readonly CsvRow<Field>[];
  readonly problems: readonly CsvProblem[];
}

export function readCsvTable<Field>(text: string, columns: CsvColumns<Field>): CsvTable<Field> {
  const problems: CsvProblem[] = [];
  const maximumRows = columns.maximumRows ?? csvLimits.rows;
  const [heading, ...rest] = readRecords(text, problems, maximumRows);
  if (heading === undefined) {
    problems.push({
      line: 1,
      column: undefined,
      code: 'empty',
      message: 'the file has no heading',
    });
    return { rows: [], problems };
  }
  const fields = readHeading(heading, columns, problems);
  if (fields === undefined) {
    return { rows: [], problems };
  }
  const rows: CsvRow<Field>[] = [];
  for (const record of rest) {
    const row = readRow(record, fields, problems);
    if (row !== undefined) {
      rows.push(row);
    }
  }
  return { rows, problems: problems.slice(0, csvLimits.problems) };
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

function readRecords(file: string, problems: CsvProblem[], maximumRows: number): Line[] {
  const records: Line[] = [];
  const long = findLongLine(file);
  const text = long === undefined ? file : file.slice(0, long.start);
  if (long !== undefined) {
    problems.push({ line: long.line, column: undefined, ...rowTooLong });
  }
  try {
    parse(text, {
      bom: true,
      delimiter: findDelimiter(text),
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: csvLimits.rowCharacters,
      // The heading, and one more to see that there are too many.
      to: maximumRows + 2,
      on_record: (cells: string[], context) => {
        records.push({ line: context.lines, cells });
        return null;
      },
    });
  } catch (error) {
    const line = (records.at(-1)?.line ?? 0) + 1;
    problems.push({ line, column: undefined, ...describeUnreadable(error) });
  }
  if (records.length > maximumRows + 1) {
    problems.push({
      line: records.at(-1)?.line ?? 0,
      column: undefined,
      code: 'too-many-rows',
      message: `the file has more than ${String(maximumRows)} rows`,
    });
    records.length = maximumRows + 1;
  }
  return records;
}

const rowTooLong = {
  code: 'row-too-long',
  message: 'the row is too long; perhaps a quotation mark is never closed',
} as const;

/** The parser counts what stands in cells alone: millions of empty ones would take it seconds. */
function findLongLine(text: string): { readonly line: number; readonly start: number } | undefined {
  for (let line = 1, start = 0; start < text.length; line += 1) {
    const end = text.indexOf('\n', start);
    if ((end === -1 ? text.length : end) - start > csvLimits.lineCharacters) {
      return { line, start };
    }
    start = end === -1 ? text.length : end + 1;
  }
  return undefined;
}

function describeUnreadable(error: unknown): { code: string; message: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return {
        code: 'quote-not-closed',
        message: 'a quotation mark in this or a later line is never closed; is the file cut off?',
      };
    case 'CSV_MAX_RECORD_SIZE':
      return rowTooLong;
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return {
        code: 'stray-quote',
        message: 'a quotation mark stands inside a cell; inside quotes it is written twice',
      };
    default:
      return { code: 'unreadable', message: toErrorMessage(error) };
  }
}

/** The one that stands most often in the heading, outside quotes. */
function findDelimiter(text: string): string {
  const counts = new Map([
    [',', 0],
    [';', 0],
    ['\t', 0],
  ]);
  let isQuoted = false;
  for (const character of text.slice(0, csvLimits.rowCharacters)) {
    if (character === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && (character === '\n' || character === '\r')) {
      break;
    } else if (!isQuoted) {
      const count = counts.get(character);
      if (count !== undefined) {
        counts.set(character, count + 1);
      }
    }
  }
  let best = ',';
  for (const [delimiter, count] of counts) {
    if (count > (counts.get(best) ?? 0)) {
      best = delimiter;
    }
  }
  return best;
}

/** Field per column, or undefined when the heading cannot be used. */
function readHeading<Field>(
  heading: Line,
  columns: CsvColumns<Field>,
  problems: CsvProblem[],
): (Field | undefined)[] | undefined {
  const fields: (Field | undefined)[] = [];
  const report = (column: string, code: string, message: string): void => {
    problems.push({ line: heading.line, column, code, message });
  };
  if (heading.cells.length > csvLimits.columns) {
    report('', 'too-many-columns', `the file has more than ${String(csvLimits.columns)} columns`);
    return undefined;
  }
  const before = problems.length;
  for (const cell of heading.cells) {
    const field = columns.byName.get(cell.toLowerCase().replaceAll(/[ -]/g, '_'));
    if (field === undefined && columns.ignoresOthers === true) {
      fields.push(undefined);
    } else if (field === undefined) {
      const known = [...columns.byName.keys()].join(', ');
      report(cell.slice(0, 60), 'unknown-column', `there is no such column; there are: ${known}`);
    } else if (fields.includes(field)) {
      report(cell, 'repeated-column', 'the column stands twice in the heading');
    } else {
      fields.push(field);
    }
  }
  if (problems.length > before) {
    return undefined;
  }
  if (!columns.keys.some((key) => fields.includes(key))) {
    report(columns.keyName, 'missing-column', columns.missingKey);
    return undefined;
  }
  return fields;
}

function readRow<Field>(
  record: Line,
  fields: readonly (Field | undefined)[],
  problems: CsvProblem[],
): CsvRow<Field> | undefined {
  if (record.cells.length !== fields.length) {
    const [has, needs] = [String(record.cells.length), String(fields.length)];
    problems.push({
      line: record.line,
      column: undefined,
      code: 'wrong-cell-count',
      message: `the row has ${has} cells, the heading ${needs}; is the file cut off?`,
    });
    return undefined;
  }
  const cells = new Map<Field, string>();
  for (const [index, field] of fields.entries()) {
    const text = restoreFormula(record.cells[index] ?? '');
    if (text !== '' && field !== undefined) {
      cells.set(field, text);
    }
  }
  return cells.size === 0 ? undefined : { line: record.line, cells };
}
