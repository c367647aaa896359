import { expect, test } from 'vitest';
import { parseIpv6Neighbours } from '../../../system/foundation/neighbour-table.ts';

test('neighbours by IPv6 are those that have a hardware address and answer', () => {
  const text = JSON.stringify([
    { dst: 'fe80::1', dev: 'eth0', lladdr: '00:15:65:AA:BB:01', state: ['REACHABLE'] },
    { dst: 'fe80::2', dev: 'eth0', lladdr: '00:15:65:aa:bb:02', router: null, state: ['STALE'] },
    { dst: 'fe80::3', dev: 'eth0', lladdr: '00:15:65:aa:bb:03', state: ['FAILED'] },
    { dst: 'fe80::4', dev: 'eth0', state: ['INCOMPLETE'] },
    { dst: 'ff02::1', dev: 'eth0', lladdr: '00:00:00:00:00:00', state: ['NOARP'] },
    { dst: 'fe80::5', dev: 'ib0', lladdr: '80:00:00:48:fe:80:00:00', state: ['STALE'] },
  ]);
  expect(parseIpv6Neighbours(text)).toEqual([
    { address: 'fe80::1', mac: '001565aabb01', interfaceName: 'eth0' },
    { address: 'fe80::2', mac: '001565aabb02', interfaceName: 'eth0' },
  ]);
  expect(parseIpv6Neighbours('')).toEqual([]);
});
