/**
 * The leases and open offers of one subnet: who has which address, and which one a client gets. It
 * knows nothing of messages. Bounded by the size of the subnet's pools. Pure: time comes in.
 */
import { AddressPool } from './address-pool.ts';
import type { CompiledSubnet, Reservation } from '../compiled-settings.ts';
import type { Ipv4Address } from '../../ipv4.ts';
import { isLive, type Lease } from './lease.ts';

interface Offer {
  readonly address: Ipv4Address;
  readonly clientKey: string;
  readonly madeAtMs: number;
}

export interface ChosenAddress {
  readonly address: Ipv4Address;
  /** Whether this client had it before, so that nobody else can be on it unknown to us. */
  readonly isFamiliar: boolean;
}

/** An offer is held this long for the client that it was made to. */
const offerHoldMs = 30_000;
/** In a full pool an offer that nobody took is given to the next client after this. */
const offerTakeOverMs = 5_000;
/** A full pool looks for expired leases at most this often. */
const sweepIntervalMs = 1_000;

export class SubnetLeases {
  readonly subnet: CompiledSubnet;
  readonly #pool: AddressPool;
  /** In the order of the last change. */
  readonly #byAddress = new Map<Ipv4Address, Lease>();
  /** The latest lease of each client. */
  readonly #byClient = new Map<string, Lease>();
  /** In the order in which they were made. */
  readonly #offers = new Map<Ipv4Address, Offer>();
  readonly #offerByClient = new Map<string, Offer>();
  readonly #declined = new Set<Ipv4Address>();
  readonly #poolSize: number;
  #sweptAtMs = -Infinity;

  constructor(subnet: CompiledSubnet) {
    this.subnet = subnet;
    this.#pool = new AddressPool(subnet);
    this.#poolSize = this.#pool.size;
  }

  get poolSize(): number {
    return this.#poolSize;
  }

  /** Addresses that somebody has now, offers not counted. */
  countLive(nowMs: number): number {
    let count = 0;
    for (const lease of this.#byAddress.values()) {
      count += isLive(lease, nowMs) ? 1 : 0;
    }
    return count;
  }

  leases(): IterableIterator<Lease> {
    return this.#byAddress.values();
  }

  find(clientKey: string): Lease | undefined {
    return this.#byClient.get(clientKey);
  }

  at(address: Ipv4Address): Lease | undefined {
    return this.#byAddress.get(address);
  }

  reservationOf(clientKey: string): Reservation | undefined {
    return this.subnet.reservationByClient.get(clientKey);
  }

  /** Whether the settings let this client have the address, and no other client has it now. */
  isAvailableTo(address: Ipv4Address, clientKey: string, nowMs: number): boolean {
    const reservation = this.subnet.reservationByAddress.get(address);
    const isAllowed =
      reservation === undefined
        ? this.#pool.contains(address)
        : reservation.clientKey === clientKey;
    return isAllowed && !this.isHeldByOther(address, clientKey, nowMs);
  }

  isHeldByOther(address: Ipv4Address, clientKey: string, nowMs: number): boolean {
    const lease = this.#byAddress.get(address);
    const offer = this.#offers.get(address);
    const isLeased =
      lease !== undefined &&
      isLive(lease, nowMs) &&
      (lease.clientKey !== clientKey || lease.state === 'declined');
    const isOffered =
      offer !== undefined && offer.clientKey !== clientKey && offer.madeAtMs + offerHoldMs > nowMs;
    return isLeased || isOffered;
  }

  /**
   * RFC 2131 §4.3.1: the reserved address, that of the offer or lease before, the one asked for, a
   * free one. Undefined where the pool is full.
   */
  choose(
    clientKey: string,
    requested: Ipv4Address | undefined,
    nowMs: number,
  ): ChosenAddress | undefined {
    const reserved = this.reservationOf(clientKey)?.address;
    const before = this.#byClient.get(clientKey)?.address;
    const offered = this.#offerByClient.get(clientKey)?.address;
    for (const address of [reserved, before, offered, requested]) {
      if (address !== undefined && this.isAvailableTo(address, clientKey, nowMs)) {
        return { address, isFamiliar: address === before || address === offered };
      }
    }
    const address = this.#findFree(nowMs);
    return address === undefined ? undefined : { address, isFamiliar: false };
  }

  /** Holds the address for the client; an earlier offer to it lapses. */
  offer(address: Ipv4Address, clientKey: string, nowMs: number): void {
    this.withdrawOffer(clientKey);
    this.#removeOffer(address);
    const offer = { address, clientKey, madeAtMs: nowMs };
    this.#offers.set(address, offer);
    this.#offerByClient.set(clientKey, offer);
    this.#pool.take(address);
  }

  withdrawOffer(clientKey: string): void {
    const offer = this.#offerByClient.get(clientKey);
    if (offer !== undefined) {
      this.#removeOffer(offer.address);
    }
  }

  /**
   * Puts a lease in place of whatever was there. Returns the lease that the client had on another
   * address, now released: a client has one address in a subnet.
   */
  put(lease: Lease, nowMs: number): Lease | undefined {
    this.#removeOffer(lease.address);
    const holder = this.#byAddress.get(lease.address);
    if (holder !== undefined && this.#byClient.get(holder.clientKey) === holder) {
      this.#byClient.delete(holder.clientKey);
    }
    const before = lease.state === 'bound' ? this.#byClient.get(lease.clientKey) : undefined;
    this.#byAddress.delete(lease.address);
    this.#byAddress.set(lease.address, lease);
    this.#declined.delete(lease.address);
    if (lease.state === 'declined') {
      this.#declined.add(lease.address);
    } else if (lease.state === 'bound' || !this.#byClient.has(lease.clientKey)) {
      this.#byClient.set(lease.clientKey, lease);
    }
    if (isLive(lease, nowMs)) {
      this.#pool.take(lease.address);
    } else {
      this.#free(lease.address);
    }
    return before?.state !== 'bound' ? undefined : this.#releaseFormer(before, nowMs);
  }

  /** The address is as if nobody ever had it. Returns what was forgotten. */
  forget(address: Ipv4Address): Lease | undefined {
    const lease = this.#byAddress.get(address);
    if (lease !== undefined) {
      this.#byAddress.delete(address);
      this.#declined.delete(address);
      if (this.#byClient.get(lease.clientKey) === lease) {
        this.#byClient.delete(lease.clientKey);
      }
      this.#free(address);
    }
    return lease;
  }

  /** How many addresses are in quarantine, and the one that is there longest. */
  get declined(): { readonly count: number; readonly oldest: Ipv4Address | undefined } {
    return { count: this.#declined.size, oldest: this.#declined.values().next().value };
  }

  /** Frees what has run out; returns the leases that ended since the last sweep. */
  sweep(nowMs: number): Lease[] {
    this.#sweptAtMs = nowMs;
    for (const offer of [...this.#offers.values()]) {
      if (offer.madeAtMs + offerHoldMs > nowMs) {
        break;
      }
      this.#removeOffer(offer.address);
    }
    const ended: Lease[] = [];
    for (const lease of this.#byAddress.values()) {
      if (isLive(lease, nowMs) || this.#pool.isReusable(lease.address)) {
        continue;
      }
      if (this.#offers.has(lease.address) || !this.#pool.contains(lease.address)) {
        continue;
      }
      this.#declined.delete(lease.address);
      this.#free(lease.address);
      ended.push(lease);
    }
    return ended;
  }

  #releaseFormer(before: Lease, nowMs: number): Lease {
    const released: Lease = { ...before, state: 'released', expiresAtMs: nowMs };
    this.#byAddress.set(released.address, released);
    this.#free(released.address);
    return released;
  }

  #findFree(nowMs: number): Ipv4Address | undefined {
    const isUsed = (address: Ipv4Address): boolean =>
      this.#byAddress.has(address) || this.#offers.has(address);
    const free = this.#pool.findFree(isUsed);
    if (free !== undefined) {
      return free;
    }
    if (nowMs - this.#sweptAtMs >= sweepIntervalMs) {
      this.sweep(nowMs);
      const swept = this.#pool.findFree(isUsed);
      if (swept !== undefined) {
        return swept;
      }
    }
    return this.#findStaleOffer(nowMs);
  }

  #findStaleOffer(nowMs: number): Ipv4Address | undefined {
    for (const offer of this.#offers.values()) {
      if (offer.madeAtMs + offerTakeOverMs > nowMs) {
        return undefined;
      }
      const lease = this.#byAddress.get(offer.address);
      if (this.#pool.contains(offer.address) && (lease === undefined || !isLive(lease, nowMs))) {
        return offer.address;
      }
    }
    return undefined;
  }

  #removeOffer(address: Ipv4Address): void {
    const offer = this.#offers.get(address);
    if (offer === undefined) {
      return;
    }
    this.#offers.delete(address);
    if (this.#offerByClient.get(offer.clientKey) === offer) {
      this.#offerByClient.delete(offer.clientKey);
    }
    // A lease that has not run out keeps the address; otherwise the next client may have it.
    const lease = this.#byAddress.get(address);
    if (lease === undefined || !isLive(lease, offer.madeAtMs)) {
      this.#free(address);
    }
  }

  #free(address: Ipv4Address): void {
    if (this.#pool.contains(address)) {
      this.#pool.free(address);
    }
  }
}
