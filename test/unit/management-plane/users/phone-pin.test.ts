import { expect, test } from 'vitest';
import { findPinFault } from '../../../../system/management-plane/users/phone-pin.ts';

test.each(['271828', '110011', '123457', '909090909090'])('%s will do', (pin) => {
  expect(findPinFault(pin, '201')).toBeUndefined();
});

test.each([
  ['27182', undefined],
  ['2718281828459', undefined],
  ['27182a', undefined],
  ['111111', undefined],
  ['123456', undefined],
  ['987654', undefined],
  ['271828', '271828'],
])('%s will not do at extension %s', (pin, extension) => {
  expect(findPinFault(pin, extension)).toBeDefined();
});
