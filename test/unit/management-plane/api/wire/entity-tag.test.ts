import { expect, test } from 'vitest';
import {
  parseIfMatch,
  toEntityTag,
  toIfVersion,
} from '../../../../../system/management-plane/api/wire/entity-tag.ts';

test.each([
  { header: undefined, condition: undefined },
  { header: '', condition: undefined },
  { header: '*', condition: 'any' },
  { header: '"12"', condition: 12 },
  { header: ' "12" ', condition: 12 },
  { header: 'W/"12"', condition: -1 },
  { header: '12', condition: -1 },
  { header: '"12", "13"', condition: -1 },
  { header: '"1e3"', condition: -1 },
  { header: `"${'9'.repeat(40)}"`, condition: -1 },
])('reads If-Match $header as $condition', ({ header, condition }) => {
  expect(parseIfMatch(header)).toBe(condition);
});

test('gives back the version that an entity tag was made of', () => {
  expect(parseIfMatch(toEntityTag(7))).toBe(7);
  expect(toIfVersion(7)).toBe(7);
  expect(toIfVersion('any')).toBeUndefined();
});
