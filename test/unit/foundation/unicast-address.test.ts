import { expect, test } from 'vitest';
import { isUnicastAddress } from '../../../system/foundation/unicast-address.ts';

test.each([
  ['192.0.2.7', true],
  ['0.0.0.0', true],
  ['223.255.255.255', true],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['999.1.1.1', false],
  ['phone.example.org', false],
  ['2001:db8::7', true],
  ['::1', true],
  ['::FFFF:192.0.2.7', true],
  ['::ffff:224.0.0.1', false],
  ['FF15::101', false],
  ['fe80::1%eth0', false],
  ['a:b', false],
  ['', false],
])('%s is the address of one host: %s', (text, isOne) => {
  expect(isUnicastAddress(text)).toBe(isOne);
});
