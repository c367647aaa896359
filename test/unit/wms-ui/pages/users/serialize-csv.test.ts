import { expect, test } from 'vitest';
import { serializeCsv } from '../../../../../wms-ui/src/pages/users/serialize-csv.ts';

test('writes CSV as RFC 4180 says and defuses formulas', () => {
  const text = serializeCsv([
    ['name', 'password'],
    ['Rossi, "Anna"', 'a.b-c'],
    ['=HYPERLINK("x")', '@sum'],
  ]);
  expect(text).toBe('name,password\r\n"Rossi, ""Anna""",a.b-c\r\n"\'=HYPERLINK(""x"")",\'@sum\r\n');
});
