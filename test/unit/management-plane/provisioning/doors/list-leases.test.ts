import { describe, expect, test } from 'vitest';
import type { LeaseView } from '../../../../../provisioning/dhcp/leases/lease.ts';
import {
  listLeases,
  type LeaseQuery,
} from '../../../../../system/management-plane/provisioning/doors/list-leases.ts';

function leaseOf(address: string, rest: Partial<LeaseView> = {}): LeaseView {
  return {
    address,
    clientKey: address,
    mac: '805ec0aabb01',
    state: 'bound',
    isReserved: false,
    startedAtMs: 0,
    expiresAtMs: 1000,
    ...rest,
  };
}

const leases = [
  leaseOf('10.0.0.10', { hostName: 'Reception', expiresAtMs: 3000 }),
  leaseOf('10.0.0.9', { mac: '000413aabb02', vendorClass: 'snomD785' }),
  leaseOf('10.0.1.2', { hostName: 'hall', state: 'expired' }),
];

function addressesOf(query: Partial<LeaseQuery>): readonly string[] {
  const whole = { sort: 'address', direction: 'asc', page: 1, pageSize: 20, ...query } as const;
  return listLeases(leases, whole).items.map(({ address }) => address);
}

describe('the list of leases', () => {
  test.each([
    ['address', 'asc', ['10.0.0.9', '10.0.0.10', '10.0.1.2']],
    ['address', 'desc', ['10.0.1.2', '10.0.0.10', '10.0.0.9']],
    ['mac', 'asc', ['10.0.0.9', '10.0.0.10', '10.0.1.2']],
    ['hostName', 'asc', ['10.0.0.9', '10.0.1.2', '10.0.0.10']],
    ['state', 'desc', ['10.0.1.2', '10.0.0.9', '10.0.0.10']],
    ['expiresAt', 'desc', ['10.0.0.10', '10.0.0.9', '10.0.1.2']],
  ] as const)('sorted by %s, %s', (sort, direction, expected) => {
    expect(addressesOf({ sort, direction })).toEqual(expected);
  });

  test.each([
    ['reception', ['10.0.0.10']],
    ['SNOM 0.9', ['10.0.0.9']],
    ['00:04:13', ['10.0.0.9']],
    ['000413', ['10.0.0.9']],
    ['nowhere', []],
  ])('searched for %j', (search, expected) => {
    expect(addressesOf({ search })).toEqual(expected);
  });

  test('gives one page and the number of all', () => {
    const query = { sort: 'address', direction: 'asc', page: 2, pageSize: 2 } as const;
    const { items, total } = listLeases(leases, query);
    expect(items.map(({ address }) => address)).toEqual(['10.0.1.2']);
    expect(total).toBe(3);
  });
});
