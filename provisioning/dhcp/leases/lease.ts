/** A lease: one address of a subnet, and who has it until when. Offers are not leases yet. */
import { formatIpv4, type Ipv4Address } from '../../ipv4.ts';

/**
 * `bound`: given. `released`: the client gave it back, and gets it again if it asks. `declined`: the
 * client found that somebody else answers on it, so nobody gets it for a while.
 */
export type LeaseState = 'bound' | 'released' | 'declined';

export interface Lease {
  readonly address: Ipv4Address;
  /** See ClientFacts.key; of a declined address, who declined it. */
  readonly clientKey: string;
  /** Hexadecimal, lower case, without separators. */
  readonly mac: string;
  readonly state: LeaseState;
  /** Wall clock: since when the client has it without a break. */
  readonly startedAtMs: number;
  /** Wall clock: end of the lease or the quarantine; of a released one, when it was given back. */
  readonly expiresAtMs: number;
  readonly hostName?: string;
  readonly vendorClass?: string;
  readonly userClass?: string;
  /** Port and switch that a relay agent named. */
  readonly circuitId?: string;
  readonly remoteId?: string;
}

export function isLive(lease: Lease, nowMs: number): boolean {
  return lease.state !== 'released' && lease.expiresAtMs > nowMs;
}

/** A lease as the leases page shows it. */
export interface LeaseView extends Omit<Lease, 'address' | 'state'> {
  readonly address: string;
  readonly state: LeaseState | 'expired';
  readonly isReserved: boolean;
}

export function presentLease(lease: Lease, isReserved: boolean, nowMs: number): LeaseView {
  const { address, state } = lease;
  return {
    ...lease,
    address: formatIpv4(address),
    state: state !== 'released' && lease.expiresAtMs <= nowMs ? 'expired' : state,
    isReserved,
  };
}
