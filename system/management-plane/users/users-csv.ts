/**
 * Users as comma-separated text (RFC 4180): the columns are those of the declared fields, plus
 * passwords and the user's phones, which are only ever read.
 */
import { stringify } from 'csv-stringify/sync';
import { userEntity, type User, type UserField } from '../../configuration/entities/user.ts';
import { readCsvTable, type CsvColumns, type CsvTable } from '../csv/csv-table.ts';
import { neutraliseFormula } from '../csv/formula.ts';

/** What a column of the file sets. */
export type CsvField = UserField | 'webPassword' | 'sipPassword' | 'devices' | 'deviceModel';

export type CsvContent = CsvTable<CsvField>;

/** Fields that are none of the user itself. */
const otherColumns: readonly (readonly [string, Exclude<CsvField, UserField>])[] = [
  ['web_password', 'webPassword'],
  ['sip_password', 'sipPassword'],
  ['devices', 'devices'],
  ['device_model', 'deviceModel'],
];

export const otherCsvFields: ReadonlySet<CsvField> = new Set(
  otherColumns.map(([, field]) => field),
);

const exportedColumns: readonly (readonly [string, UserField])[] = userEntity.fieldNames.flatMap(
  (name) => {
    const column = userEntity.fields[name].csvColumn;
    return column === undefined ? [] : [[column, name] as const];
  },
);

const fieldsByColumn: ReadonlyMap<string, CsvField> = new Map([
  ...exportedColumns,
  ...otherColumns,
]);

const columns: CsvColumns<CsvField> = {
  byName: fieldsByColumn,
  keys: ['extension', 'login'],
  keyName: 'extension',
  missingKey: 'without extensions nobody knows which user a row means',
};

/** The heading of a field's column. */
export function columnOfField(field: string): string | undefined {
  return [...fieldsByColumn].find(([, name]) => name === field)?.[0];
}

/** The file that `parseUsersCsv` reads back to the same users, without passwords and phones. */
export function serializeUsersCsv(users: readonly User[]): string {
  const heading = exportedColumns.map(([column]) => column);
  const rows = users.map((user) => exportedColumns.map(([, field]) => toCell(user[field])));
  return stringify([heading, ...rows], { record_delimiter: '\r\n' });
}

export function parseUsersCsv(text: string): CsvContent {
  return readCsvTable(text, columns);
}

/** Fields with a column hold text, yes or no, or a list of texts. */
function toCell(value: User[UserField]): string {
  if (value === undefined) {
    return '';
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  return neutraliseFormula(typeof value === 'string' ? value : Object.values(value).join(' '));
}
