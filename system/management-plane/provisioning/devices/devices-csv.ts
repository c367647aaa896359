/** Devices as comma-separated text: one row per MAC, users by extension, groups by name. */
import { stringify } from 'csv-stringify/sync';
import { readCsvTable, type CsvColumns, type CsvTable } from '../../csv/csv-table.ts';
import { neutraliseFormula } from '../../csv/formula.ts';

export type DeviceCsvField =
  | 'mac'
  | 'vendor'
  | 'model'
  | 'comment'
  | 'extensions'
  | 'groups'
  | 'unencrypted';

export const deviceCsvFields: readonly DeviceCsvField[] = [
  'mac',
  'vendor',
  'model',
  'comment',
  'extensions',
  'groups',
  'unencrypted',
];

const columns: CsvColumns<DeviceCsvField> = {
  byName: new Map(deviceCsvFields.map((field) => [field, field])),
  keys: ['mac'],
  keyName: 'mac',
  missingKey: 'without MAC addresses nobody knows which device a row means',
};

/** Extensions are separated by spaces, groups by semicolons. */
export type DeviceCsvRow = Readonly<Record<DeviceCsvField, string>>;

export function parseDevicesCsv(text: string): CsvTable<DeviceCsvField> {
  return readCsvTable(text, columns);
}

/** The file that `parseDevicesCsv` reads back to the same devices. */
export function serializeDevicesCsv(rows: readonly DeviceCsvRow[]): string {
  const lines = rows.map((row) => deviceCsvFields.map((field) => neutraliseFormula(row[field])));
  return stringify([deviceCsvFields, ...lines], { record_delimiter: '\r\n' });
}
