import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { User } from '../../../../system/configuration/entities/user.ts';
import { decodeTextFile } from '../../../../system/management-plane/users/decode-text-file.ts';
import { csvLimits } from '../../../../system/management-plane/csv/csv-table.ts';
import {
  parseUsersCsv,
  serializeUsersCsv,
  type CsvContent,
} from '../../../../system/management-plane/users/users-csv.ts';

function rowsOf(content: CsvContent): Record<string, string>[] {
  return content.rows.map((row) => Object.fromEntries(row.cells));
}

function problemsOf(text: string): [number, string | undefined, string][] {
  return parseUsersCsv(text).problems.map(({ line, column, code }) => [line, column, code]);
}

describe('users as CSV', () => {
  test.each([
    ['commas', 'name,extension\nMario Rossi,101\n'],
    ['semicolons', 'name;extension\r\nMario Rossi;101\r\n'],
    ['tabs', 'name\textension\nMario Rossi\t101'],
    ['a byte order mark and quotes', '\uFEFF"name","extension"\n"Mario Rossi","101"\n'],
    [
      'delimiters of another kind in quoted headings',
      '"name";"extension";"e-mail"\nMario Rossi;101;\n',
    ],
    ['headings in capitals', 'NAME,Extension\nMario Rossi,101'],
    ['empty lines and blanks', '\nname , extension\n\n  Mario Rossi , 101\n\n'],
    ['old line ends', 'name,extension\rMario Rossi,101\r'],
  ])('reads files with %s', (_, text) => {
    const content = parseUsersCsv(text.replace('"e-mail"', '"email"'));
    expect(content.problems).toEqual([]);
    expect(rowsOf(content)).toEqual([{ name: 'Mario Rossi', extension: '101' }]);
  });

  test('leaves empty cells and empty rows out', () => {
    const content = parseUsersCsv(
      'name,extension,email\nMario,101,\n,,\nLuigi,102,l@example.com\n',
    );
    expect(rowsOf(content)).toEqual([
      { name: 'Mario', extension: '101' },
      { name: 'Luigi', extension: '102', email: 'l@example.com' },
    ]);
    expect(content.rows.map((row) => row.line)).toEqual([2, 4]);
  });

  test.each([
    ['', [[1, undefined, 'empty']]],
    ['name,extension,shoe size\nM,1,42', [[1, 'shoe size', 'unknown-column']]],
    ['name,extension,Name\nM,1,M', [[1, 'Name', 'repeated-column']]],
    ['name,email\nM,m@example.com', [[1, 'extension', 'missing-column']]],
    ['name,extension\nMario,101\nLui', [[3, undefined, 'wrong-cell-count']]],
    ['name,extension\nMario,101,x\nLuigi,102', [[2, undefined, 'wrong-cell-count']]],
    ['name,extension\nMario,101\n"Luigi,102\nPeach,103\n', [[3, undefined, 'quote-not-closed']]],
    ['name,extension\nMario "Super" Rossi,101', [[2, undefined, 'stray-quote']]],
    ['name,extension\n"Mario" Rossi,101', [[2, undefined, 'stray-quote']]],
    [`name,extension\n"${'x'.repeat(30_000)}",101`, [[2, undefined, 'row-too-long']]],
    [`${'a,'.repeat(60)}b\n`, [[1, '', 'too-many-columns']]],
    ['<html><body>Not found</body></html>', [[1, expect.any(String), 'unknown-column']]],
  ])('says what is wrong with %j', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('does not take a row apart that is too long by delimiters alone', () => {
    const content = parseUsersCsv(`name,extension\nMario,101\n${','.repeat(9_000_000)}`);
    expect(content.problems).toMatchObject([{ line: 3, code: 'row-too-long' }]);
    expect(rowsOf(content)).toEqual([{ name: 'Mario', extension: '101' }]);
  });

  test('keeps the rows before an unreadable one', () => {
    const content = parseUsersCsv('name,extension\nMario,101\n"Luigi,102\n');
    expect(rowsOf(content)).toEqual([{ name: 'Mario', extension: '101' }]);
  });

  test('reads no more rows than are allowed', () => {
    const rows = Array.from({ length: csvLimits.rows + 5 }, (_, index) => `User,${String(index)}`);
    const content = parseUsersCsv(`name,extension\n${rows.join('\n')}`);
    expect(content.rows).toHaveLength(csvLimits.rows);
    expect(content.problems.map((problem) => problem.code)).toEqual(['too-many-rows']);
  });

  test('never throws, whatever a file holds', () => {
    const pieces = fc.constantFrom(
      'name',
      'extension',
      ',',
      ';',
      '\t',
      '"',
      '\n',
      '\r',
      '=',
      '1',
      'é',
    );
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join('')),
        (text) => {
          const content = parseUsersCsv(text);
          expect(content.problems.length).toBeLessThanOrEqual(csvLimits.problems);
        },
      ),
    );
  });

  test('exports text that a spreadsheet would run as plain text, and reads it back', () => {
    const user: User = {
      name: '=HYPERLINK("http://example.com")',
      extension: '+39040123456',
      role: 'user',
      aliases: ['rossi', '+390401'],
      department: '@sales',
      mobilePhone: '+39 333 1234567',
      language: 'it',
      enabled: false,
      mustChangePassword: true,
      phoneKeys: [],
      phonePreferences: {},
      webPasswordHash: '$argon2id$secret',
      sipCredentials: 'sealed.secret',
    };
    const text = serializeUsersCsv([user]);

    expect(text).not.toMatch(/(^|[,"\n])[=+@-]/);
    expect(text).not.toContain('secret');
    const content = parseUsersCsv(text);
    expect(content.problems).toEqual([]);
    expect(rowsOf(content)).toEqual([
      {
        name: user.name,
        extension: user.extension,
        role: 'user',
        aliases: 'rossi +390401',
        department: '@sales',
        mobilePhone: '+39 333 1234567',
        language: 'it',
        enabled: 'no',
      },
    ]);
  });

  test.each([
    ['utf-8', Buffer.from('Müller', 'utf8')],
    ['utf-8', Buffer.from('\uFEFFMüller', 'utf8')],
    ['windows-1252', Buffer.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72])],
    ['utf-16', Buffer.from('\uFEFFMüller', 'utf16le')],
    ['utf-16', Buffer.from('\uFEFFMüller', 'utf16le').swap16()],
  ])('recognises %s', (encoding, bytes) => {
    expect(decodeTextFile(bytes)).toEqual({ text: 'Müller', encoding });
  });
});
