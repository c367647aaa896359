import { expect, test } from 'vitest';
import { narrowRows } from '../../../../wms-ui/src/lib/state/narrow-rows.ts';

const rows = ['Café Müller\nFirst floor', 'Reception\nGround floor', 'Warehouse'];

test.each([
  ['', rows],
  ['   ', rows],
  ['cafe', [rows[0]]],
  ['MÜLLER first', [rows[0]]],
  ['floor', rows.slice(0, 2)],
  ['floor warehouse', []],
])('the search "%s" leaves the rows that hold every word of it', (search, left) => {
  expect(narrowRows(rows, search, (row) => row)).toEqual(left);
});
