/**
 * Contacts as comma-separated text (RFC 4180). Reads the headings that this system writes and those
 * that other phone systems and address books use; columns that mean nothing here are passed over.
 */
import { stringify } from 'csv-stringify/sync';
import { readCsvTable, type CsvColumns } from '../../csv/csv-table.ts';
import { neutraliseFormula } from '../../csv/formula.ts';
import { numberKinds, type Contact, type ContactNumber, type NumberKind } from '../contact.ts';
import { importLimits, type ImportedContacts } from './imported-contact.ts';

type TextColumn = Exclude<keyof Contact, 'numbers'>;
/** What a column sets: a text, or numbers of a kind; a second column of a kind has a digit. */
type Column = TextColumn | `number:${NumberKind}` | `number:${NumberKind}:2`;

const textColumns: readonly (readonly [string, TextColumn])[] = [
  ['name', 'name'],
  ['first_name', 'firstName'],
  ['last_name', 'lastName'],
  ['organization', 'organization'],
  ['job_title', 'jobTitle'],
  ['email', 'email'],
  ['address', 'address'],
  ['note', 'note'],
  ['speed_code', 'speedCode'],
];

/** Headings of others; compared in lower case with `_` for spaces and dashes. */
const otherHeadings: readonly (readonly [string, Column])[] = [
  ['shortcut', 'speedCode'],
  ['speed_dial', 'speedCode'],
  ['display_name', 'name'],
  ['full_name', 'name'],
  ['given_name', 'firstName'],
  ['firstname', 'firstName'],
  ['family_name', 'lastName'],
  ['lastname', 'lastName'],
  ['surname', 'lastName'],
  ['company', 'organization'],
  ['organisation', 'organization'],
  ['organization_name', 'organization'],
  ['title', 'jobTitle'],
  ['e_mail', 'email'],
  ['e_mail_address', 'email'],
  ['notes', 'note'],
  ['phone', 'number:main'],
  ['primary_phone', 'number:main'],
  ['business_phone', 'number:office'],
  ['work', 'number:office'],
  ['mobile_phone', 'number:mobile'],
  ['cell', 'number:mobile'],
  ['home_phone', 'number:home'],
  ['homemobile', 'number:mobile:2'],
  ['home_mobile', 'number:mobile:2'],
  ['business_phone_2', 'number:office:2'],
  ['home_phone_2', 'number:home:2'],
  ['business_fax', 'number:fax'],
  ['other_phone', 'number:other'],
];

const columns: CsvColumns<Column> = {
  byName: new Map<string, Column>([
    ...otherHeadings,
    ...textColumns,
    ...numberKinds.map((kind) => [kind, `number:${kind}`] as const),
  ]),
  keys: ['name', 'organization', 'lastName', 'firstName'],
  keyName: 'name',
  missingKey: 'without names nobody knows whose numbers these are',
  maximumRows: importLimits.contacts,
  ignoresOthers: true,
};

/** Between several numbers of one kind in a cell. */
const between = ' | ';

export const contactsCsvHeading: readonly string[] = [
  ...textColumns.slice(0, 5).map(([heading]) => heading),
  ...numberKinds,
  ...textColumns.slice(5).map(([heading]) => heading),
];

export function parseContactsCsv(text: string): ImportedContacts {
  const { rows, problems } = readCsvTable(text, columns);
  return {
    contacts: rows.map(({ line, cells }) => {
      const values: Partial<Record<TextColumn, string>> = {};
      const numbers: ContactNumber[] = [];
      for (const [column, cell] of cells) {
        if (column.startsWith('number:')) {
          const kind = column.split(':')[1] as NumberKind;
          numbers.push(...cell.split('|').map((number) => ({ kind, number })));
        } else {
          values[column as TextColumn] = cell;
        }
      }
      return { line, values: { ...values, numbers } };
    }),
    problems: problems.map(({ line, column, code, message }) => ({
      line,
      field: column,
      code,
      message,
    })),
  };
}

/** One row of the file that `parseContactsCsv` reads back to the same contact. */
export function serializeContactRow(contact: Contact): string {
  const cells = contactsCsvHeading.map((heading) => {
    const text = textColumns.find(([name]) => name === heading);
    if (text !== undefined) {
      return neutraliseFormula(contact[text[1]] ?? '');
    }
    const numbers = contact.numbers.filter(({ kind }) => kind === heading);
    return neutraliseFormula(numbers.map(({ number }) => number).join(between));
  });
  return stringify([cells], { record_delimiter: '\r\n' });
}
