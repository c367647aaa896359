/** DECT handsets as comma-separated text: one row per place of a system, users by extension. */
import { stringify } from 'csv-stringify/sync';
import { readCsvTable, type CsvColumns, type CsvTable } from '../../csv/csv-table.ts';
import { neutraliseFormula } from '../../csv/formula.ts';

export const handsetCsvFields = ['place', 'ipui', 'name', 'model', 'extension'] as const;
export type HandsetCsvField = (typeof handsetCsvFields)[number];

const columns: CsvColumns<HandsetCsvField> = {
  byName: new Map([
    ...handsetCsvFields.map((field) => [field, field] as const),
    ['ipei', 'ipui'] as const,
  ]),
  keys: ['place', 'ipui'],
  keyName: 'place or ipui',
  missingKey: 'without places or identities nobody knows which handset a row means',
};

export type HandsetCsvRow = Readonly<Record<HandsetCsvField, string>>;

export function parseHandsetsCsv(text: string): CsvTable<HandsetCsvField> {
  return readCsvTable(text, columns);
}

/** The file that `parseHandsetsCsv` reads back to the same handsets. */
export function serializeHandsetsCsv(rows: readonly HandsetCsvRow[]): string {
  const lines = rows.map((row) => handsetCsvFields.map((field) => neutraliseFormula(row[field])));
  return stringify([[...handsetCsvFields], ...lines], { record_delimiter: '\r\n' });
}
