import { expect, test } from 'vitest';
import { judgeTarget } from '../../../../system/management-plane/device-access/connect/judge-target.ts';

const own = [
  { address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true },
  { address: '10.20.0.1', cidr: '10.20.0.1/23', internal: false },
  { address: '203.0.113.7', cidr: '203.0.113.7/24', internal: false },
  { address: 'fd00:1::1', cidr: 'fd00:1::1/64', internal: false },
  { address: '0.0.0.0', cidr: '10.0.0.1/0', internal: false },
];

test.each(['10.20.0.9', '10.20.1.254', 'fd00:1::99'])(
  'a neighbour may be reached: %s',
  (address) => {
    expect(judgeTarget(address, own)).toBeUndefined();
  },
);

test.each([
  ['nothing known', '', 'no-address'],
  ['a name', 'phone.example.org', 'no-address'],
  ['the PBX itself', '10.20.0.1', 'own-address'],
  ['the PBX itself by IPv6', 'fd00:1::1', 'own-address'],
  ['loopback', '127.0.0.1', 'own-address'],
  ['the other loopback', '127.9.9.9', 'not-private'],
  ['loopback by IPv6', '::1', 'not-private'],
  ['loopback written as IPv6', '::ffff:127.0.0.1', 'elsewhere'],
  ['nowhere', '0.0.0.0', 'own-address'],
  ['a public neighbour', '203.0.113.9', 'not-private'],
  ['a private network that it does not stand in', '10.22.0.9', 'elsewhere'],
  ['the metadata service of clouds', '169.254.169.254', 'elsewhere'],
  ['the network itself', '10.20.0.0', 'elsewhere'],
  ['everybody in it', '10.20.1.255', 'elsewhere'],
  ['another network of IPv6', 'fd00:2::99', 'elsewhere'],
])('Connect does not reach %s', (_title, address, obstacle) => {
  expect(judgeTarget(address, own)).toBe(obstacle);
});
