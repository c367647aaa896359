import { expect, test } from 'vitest';
import {
  isLocalAddress,
  toPlainAddress,
} from '../../../../system/management-plane/accounts/factory-password.ts';

test.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['10.1.2.3', true],
  ['172.16.0.1', true],
  ['172.31.255.255', true],
  ['192.168.100.7', true],
  ['169.254.3.4', true],
  ['::1', true],
  ['fe80::1%eth0', true],
  ['fd12:3456::9', true],
  ['::ffff:192.168.1.5', true],
  ['::FFFF:10.0.0.1', true],
  ['172.32.0.1', false],
  ['172.15.255.255', false],
  ['11.0.0.1', false],
  ['192.169.0.1', false],
  ['100.64.0.1', false],
  ['8.8.8.8', false],
  ['::ffff:8.8.8.8', false],
  ['2001:db8::1', false],
  ['fec0::1', false],
  ['::', false],
  ['0.0.0.0', false],
  ['', false],
  ['localhost', false],
  ['10.0.0.1.evil.example', false],
])('tells that %s belongs to a local network: %s', (address, isLocal) => {
  expect(isLocalAddress(address)).toBe(isLocal);
});

test('writes addresses of dual-stack sockets as IPv4', () => {
  expect(toPlainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(toPlainAddress('FE80::1%eth0')).toBe('fe80::1');
  expect(toPlainAddress('::ffff:c000:0201')).toBe('::ffff:c000:0201');
});
