/** What the DHCP server tells the rest of the system. */
import type { ClientFacts } from './message/client-facts.ts';
import type { LeaseView } from './leases/lease.ts';

export interface DeviceSeen {
  readonly interfaceName: string;
  readonly facts: ClientFacts;
}

export interface AddressConflict {
  readonly interfaceName: string;
  readonly address: string;
  /** Who sits on it, where we found that out ourselves. */
  readonly strangerMac?: string;
  /** The client that was to get it. */
  readonly mac: string;
}

export interface InterfaceState {
  readonly interfaceName: string;
  /** `refused`: another server is there. `failed`: the socket cannot be opened; tried again. */
  readonly state: 'off' | 'starting' | 'running' | 'refused' | 'failed';
  /** A sentence for people; empty while all is well. */
  readonly detail: string;
  /** Addresses of other DHCP servers, as found. */
  readonly otherServers: readonly string[];
}

export interface InterfaceStatus extends InterfaceState {
  /** Requests by BOOTP since it runs, which are not answered: such a device needs a fixed address. */
  readonly bootpCount: number;
}

export interface DhcpEvents {
  /** A device asked for an address; said once, and again when it says it is something else. */
  deviceSeen: [DeviceSeen];
  /** Given, renewed, given back or declined; `rules` name where its options came from. */
  leaseChanged: [lease: LeaseView, rules: readonly string[]];
  leaseEnded: [LeaseView];
  addressConflict: [AddressConflict];
  /** A client got no address; at most once a minute and interface. */
  poolFull: [{ readonly interfaceName: string; readonly mac: string }];
  /** A client took the offer of another server on the interface's own link. */
  otherServerSeen: [{ readonly interfaceName: string; readonly server: string }];
  stateChanged: [InterfaceState];
  /** Leases cannot be stored; clients are served all the same. */
  storeFailed: [error: unknown];
}
