import { expect, test } from 'vitest';
import { defaultLeaseSec as leaseOfServer } from '../../../../../provisioning/dhcp/compiled-settings.ts';
import { defaultLeaseSec, proposePools } from '../../../../../wms-ui/src/pages/dhcp/dhcp-draft.ts';

test.each([
  ['192.168.1.0/24', '192.168.1.1', '192.168.1.128 - 192.168.1.254'],
  ['10.135.0.0/23', '10.135.0.1', '10.135.1.0 - 10.135.1.254'],
  ['10.0.0.0/24', '10.0.0.200', '10.0.0.128 - 10.0.0.199\n10.0.0.201 - 10.0.0.254'],
  ['10.0.0.0/24', '10.0.0.254', '10.0.0.128 - 10.0.0.253'],
  ['10.0.0.0/29', '10.0.0.1', ''],
])('the pool that is proposed for %s of the PBX %s leaves its own address out', (...row) => {
  const [subnet, own, pools] = row;
  expect(proposePools(subnet, own)).toBe(pools);
});

test('the lease time that the form names is the one that the server takes', () => {
  expect(defaultLeaseSec).toBe(leaseOfServer);
});
