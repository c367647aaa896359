/** Searches, sorts and pages the leases of the DHCP server. A full pool has thousands: no list shows them all. */
import type { LeaseView } from '../../../../provisioning/dhcp/leases/lease.ts';
import { parseIpv4 } from '../../../../provisioning/ipv4.ts';
import type { Page } from '../../configuration-store/configuration-store.ts';
import { foldForSearch, toSearchWords } from '../../configuration-store/search-text.ts';
import { takePage, type PageQuery } from '../../configuration-store/take-page.ts';

export const leaseSortKeys = ['address', 'mac', 'hostName', 'state', 'expiresAt'] as const;

export interface LeaseQuery extends PageQuery {
  /** Every word must occur in address, MAC, host name or vendor class. */
  readonly search?: string | undefined;
  readonly sort: (typeof leaseSortKeys)[number];
}

export function listLeases(leases: readonly LeaseView[], query: LeaseQuery): Page<LeaseView> {
  const words = toSearchWords(query.search);
  const found = leases.filter((lease) => holdsWords(lease, words));
  return takePage(found, query, (lease) => sortKeyOf(lease, query.sort), toOrder);
}

/** A MAC is found with and without colons. */
function holdsWords({ address, mac, hostName, vendorClass }: LeaseView, words: readonly string[]) {
  if (words.length === 0) {
    return true;
  }
  const colons = mac.match(/../g)?.join(':');
  const text = foldForSearch([address, mac, colons, hostName, vendorClass].join('\n'));
  return words.every((word) => text.includes(word));
}

function sortKeyOf(lease: LeaseView, sort: LeaseQuery['sort']): string | number {
  switch (sort) {
    case 'address':
      return toOrder(lease);
    case 'mac':
      return lease.mac;
    case 'hostName':
      return foldForSearch(lease.hostName ?? '');
    case 'state':
      return lease.state;
    case 'expiresAt':
      return lease.expiresAtMs;
  }
}

/** 10.0.0.9 stands before 10.0.0.10. */
function toOrder({ address }: LeaseView): number {
  return parseIpv4(address) ?? 0;
}
