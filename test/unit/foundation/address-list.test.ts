import { expect, test } from 'vitest';
import { createAddressMatcher } from '../../../system/foundation/address-list.ts';

test.each([
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['10.1.255.255', true],
  ['10.2.0.0', false],
  ['2001:db8:1::5', true],
  ['2001:db8:2::5', false],
  ['198.51.100.1', false],
  ['', false],
  ['rubbish', false],
])('an address is in the list, or not: %s', (address, isIn) => {
  const isListed = createAddressMatcher([
    '192.0.2.7',
    '10.1.0.0/16',
    '2001:db8:1::/48',
    // Names nothing, and so nobody.
    '198.51.100.0/33',
    '198.51.100.1/x',
    '198.51.100.1/24/1',
  ]);
  expect(isListed(address)).toBe(isIn);
});

test('an empty list has no address', () => {
  expect(createAddressMatcher([])('192.0.2.7')).toBe(false);
});
