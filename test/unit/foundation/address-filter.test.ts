import { expect, test } from 'vitest';
import { createAddressFilter } from '../../../system/foundation/address-filter.ts';

test.each([
  ['192.0.2.7', true],
  ['::ffff:192.0.2.7', true],
  ['192.0.2.9', false],
  ['198.51.100.1', false],
  ['2001:db8::5', true],
  ['2001:db8:1::5', false],
  ['127.0.0.1', false],
  ['::1', false],
])('[SEC-017] of denied networks only the exceptions come in: %s', (address, isDenied) => {
  const filter = createAddressFilter({
    deniedAddresses: ['192.0.2.0/24', '2001:db8::/32', '127.0.0.0/8', '::1'],
    allowedAddresses: ['192.0.2.9', '2001:db8:1::/48'],
  });
  expect(filter?.(address)).toBe(isDenied);
});

test('[SEC-017] without a denied network nobody is looked at', () => {
  expect(createAddressFilter({ deniedAddresses: [], allowedAddresses: ['::/0'] })).toBeUndefined();
});
