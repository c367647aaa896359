/**
 * What a DHCP server does with each message (RFC 2131 §4.3), as decisions: no packets, no sockets,
 * no clock. The state of a client in the words of figure 5 follows from which fields it filled in:
 *
 *   server identifier given                      SELECTING
 *   requested address given, no ciaddr           INIT-REBOOT
 *   ciaddr given                                 RENEWING or REBINDING (looks alike from here)
 */
import type { ClientFacts } from '../message/client-facts.ts';
import type { CompiledSubnet, Reservation } from '../compiled-settings.ts';
import { isInSubnet, type Ipv4Address, type Ipv4Subnet } from '../../ipv4.ts';
import { isLive, type Lease } from './lease.ts';
import type { MessageType } from '../message/message-type.ts';
import { SubnetLeases } from './subnet-leases.ts';

export interface LeaseQuery {
  readonly type: MessageType;
  readonly facts: ClientFacts;
  /** That of the client's link: the relay's, or the interface's. */
  readonly subnet: CompiledSubnet;
  /** ciaddr, 0 where the client has none. */
  readonly clientAddress: Ipv4Address;
  /** Option 50. */
  readonly requestedAddress: Ipv4Address | undefined;
  /** Option 54. */
  readonly serverIdentifier: Ipv4Address | undefined;
  /** Option 51, as the client wishes. */
  readonly requestedLeaseSec: number | undefined;
  /** What we call ourselves on this link. */
  readonly ourIdentifier: Ipv4Address;
}

export type SilentReason =
  | 'pool-full'
  /** The client took the offer of another server. */
  | 'other-server'
  /** RFC 2131 §4.3.2: a server without record of the client says nothing. */
  | 'unknown-client'
  /** A field that the message type needs is missing, or the type is one that servers send. */
  | 'not-for-servers'
  /** DECLINE or RELEASE of an address that the client does not have. */
  | 'not-theirs';

export type RefuseReason = 'foreign-subnet' | 'not-available';

export type LeaseDecision =
  | {
      readonly kind: 'offer';
      readonly address: Ipv4Address;
      readonly leaseSec: number;
      readonly reservation: Reservation | undefined;
      /** False: somebody unknown may sit on the address, which can be looked into before. */
      readonly isFamiliar: boolean;
    }
  | {
      readonly kind: 'acknowledge';
      readonly lease: Lease;
      readonly leaseSec: number;
      readonly reservation: Reservation | undefined;
      readonly isRenewal: boolean;
      /** The client's lease of another address in this subnet, now released. */
      readonly former: Lease | undefined;
    }
  | { readonly kind: 'inform' }
  | { readonly kind: 'refuse'; readonly reason: RefuseReason }
  | { readonly kind: 'released'; readonly lease: Lease }
  | { readonly kind: 'declined'; readonly lease: Lease }
  | { readonly kind: 'silent'; readonly reason: SilentReason };

/** An address that somebody else answers on is left alone this long. */
const quarantineMs = 600_000;
/** A client that declines more than this within the quarantine is broken: it gets no more of them. */
const maximumDeclinesPerClient = 3;
const maximumDecliningClients = 256;
const minimumLeaseSec = 60;

export class LeaseRules {
  #subnets: readonly SubnetLeases[] = [];
  readonly #declines = new Map<string, { readonly count: number; readonly untilMs: number }>();

  constructor(subnets: readonly CompiledSubnet[]) {
    this.#subnets = subnets.map((subnet) => new SubnetLeases(subnet));
  }

  /** Replaces the settings. Leases stay, also those that no pool holds any more: until they end. */
  configure(subnets: readonly CompiledSubnet[], nowMs: number): void {
    const leases = this.leases();
    this.#subnets = subnets.map((subnet) => new SubnetLeases(subnet));
    this.restore(leases, nowMs);
  }

  /** Takes in stored leases, oldest first. Those of subnets that are gone are left out. */
  restore(leases: readonly Lease[], nowMs: number): void {
    for (const lease of leases) {
      this.#at(lease.address)?.put(lease, nowMs);
    }
  }

  leases(): Lease[] {
    return this.#subnets.flatMap((subnet) => [...subnet.leases()]);
  }

  /** How full each subnet is. */
  usage(
    nowMs: number,
  ): { readonly subnet: Ipv4Subnet; readonly used: number; readonly size: number }[] {
    return this.#subnets.map((leases) => ({
      subnet: leases.subnet.subnet,
      used: leases.countLive(nowMs),
      size: leases.poolSize,
    }));
  }

  isReserved(address: Ipv4Address): boolean {
    return this.#at(address)?.subnet.reservationByAddress.has(address) ?? false;
  }

  /** The lease of a client, live or not, wherever it is. */
  find(clientKey: string, address: Ipv4Address): Lease | undefined {
    const lease = this.#at(address)?.at(address);
    return lease?.clientKey === clientKey ? lease : undefined;
  }

  /** Hardware addresses of who has or had the address. */
  macsAt(address: Ipv4Address): string[] {
    const lease = this.#at(address)?.at(address);
    return lease === undefined ? [] : [lease.mac];
  }

  /** Frees what has run out; returns the leases that ended. */
  sweep(nowMs: number): Lease[] {
    return this.#subnets.flatMap((subnet) => subnet.sweep(nowMs));
  }

  /** Deletes what is known of an address; the client, if it is still there, gets it again. */
  forget(address: Ipv4Address): Lease | undefined {
    return this.#at(address)?.forget(address);
  }

  /** Somebody answers on an address that was about to be given to `facts`. */
  markConflict(address: Ipv4Address, facts: ClientFacts, nowMs: number): Lease | undefined {
    const leases = this.#at(address);
    leases?.withdrawOffer(facts.key);
    return leases === undefined ? undefined : this.#quarantine(leases, address, facts, nowMs);
  }

  handle(query: LeaseQuery, nowMs: number): LeaseDecision {
    const leases = this.#subnets.find(({ subnet }) => subnet === query.subnet);
    if (leases === undefined) {
      return silent('unknown-client');
    }
    switch (query.type) {
      case 'discover':
        return this.#discover(leases, query, nowMs);
      case 'request':
        return this.#request(leases, query, nowMs);
      case 'decline':
        return this.#decline(leases, query, nowMs);
      case 'release':
        return this.#release(leases, query, nowMs);
      case 'inform':
        return isInSubnet(query.clientAddress, query.subnet.subnet)
          ? { kind: 'inform' }
          : silent('not-for-servers');
      case 'offer':
      case 'acknowledge':
      case 'refuse':
        return silent('not-for-servers');
    }
  }

  #discover(leases: SubnetLeases, query: LeaseQuery, nowMs: number): LeaseDecision {
    const { key } = query.facts;
    const chosen = leases.choose(key, query.requestedAddress, nowMs);
    if (chosen === undefined) {
      return silent('pool-full');
    }
    leases.offer(chosen.address, key, nowMs);
    return {
      kind: 'offer',
      ...chosen,
      leaseSec: toLeaseSec(query),
      reservation: leases.reservationOf(key),
    };
  }

  #request(leases: SubnetLeases, query: LeaseQuery, nowMs: number): LeaseDecision {
    const { key } = query.facts;
    const { requestedAddress, clientAddress, serverIdentifier } = query;
    if (serverIdentifier !== undefined && serverIdentifier !== query.ourIdentifier) {
      leases.withdrawOffer(key);
      return silent('other-server');
    }
    const address = clientAddress === 0 ? requestedAddress : clientAddress;
    if (address === undefined) {
      return silent('not-for-servers');
    }
    if (!isInSubnet(address, query.subnet.subnet)) {
      return { kind: 'refuse', reason: 'foreign-subnet' };
    }
    const lease = leases.find(key);
    const isSelecting = serverIdentifier !== undefined;
    const isMovedByReservation = this.#isReservedElsewhere(leases, key, address, nowMs);
    if (lease === undefined && !isSelecting && clientAddress === 0) {
      // INIT-REBOOT of a client that we never saw: refused only where we know it to be wrong.
      return isMovedByReservation || leases.isHeldByOther(address, key, nowMs)
        ? { kind: 'refuse', reason: 'not-available' }
        : silent('unknown-client');
    }
    // A renewal without a record is granted where the address is free: the records may be lost.
    const isTheirs = isSelecting || lease === undefined || lease.address === address;
    return isTheirs && !isMovedByReservation && leases.isAvailableTo(address, key, nowMs)
      ? this.#grant(leases, query, address, nowMs)
      : { kind: 'refuse', reason: 'not-available' };
  }

  /** A reservation made since: the client is to move there, as soon as nobody else is on it. */
  #isReservedElsewhere(
    leases: SubnetLeases,
    clientKey: string,
    address: Ipv4Address,
    nowMs: number,
  ): boolean {
    const reserved = leases.reservationOf(clientKey)?.address;
    return (
      reserved !== undefined &&
      reserved !== address &&
      leases.isAvailableTo(reserved, clientKey, nowMs)
    );
  }

  #grant(
    leases: SubnetLeases,
    query: LeaseQuery,
    address: Ipv4Address,
    nowMs: number,
  ): LeaseDecision {
    const { facts } = query;
    const before = leases.find(facts.key);
    const isRenewal = before?.address === address && isLive(before, nowMs);
    const leaseSec = toLeaseSec(query);
    const lease: Lease = {
      address,
      clientKey: facts.key,
      mac: facts.mac,
      state: 'bound',
      startedAtMs: isRenewal ? before.startedAtMs : nowMs,
      expiresAtMs: nowMs + leaseSec * 1_000,
      ...describeClient(facts),
    };
    leases.withdrawOffer(facts.key);
    const former = leases.put(lease, nowMs);
    const reservation = leases.reservationOf(facts.key);
    return { kind: 'acknowledge', lease, leaseSec, reservation, isRenewal, former };
  }

  #decline(leases: SubnetLeases, query: LeaseQuery, nowMs: number): LeaseDecision {
    const { facts, requestedAddress } = query;
    const lease = requestedAddress === undefined ? undefined : leases.at(requestedAddress);
    if (!isAddressedToUs(query) || lease?.clientKey !== facts.key || lease.state !== 'bound') {
      return silent('not-theirs');
    }
    return this.#countDecline(facts.key, nowMs) > maximumDeclinesPerClient
      ? { kind: 'released', lease: this.#giveBack(leases, lease, nowMs) }
      : { kind: 'declined', lease: this.#quarantine(leases, lease.address, facts, nowMs) };
  }

  #release(leases: SubnetLeases, query: LeaseQuery, nowMs: number): LeaseDecision {
    const lease = leases.at(query.clientAddress);
    if (
      !isAddressedToUs(query) ||
      lease?.clientKey !== query.facts.key ||
      lease.state !== 'bound'
    ) {
      return silent('not-theirs');
    }
    return { kind: 'released', lease: this.#giveBack(leases, lease, nowMs) };
  }

  #giveBack(leases: SubnetLeases, lease: Lease, nowMs: number): Lease {
    const released: Lease = { ...lease, state: 'released', expiresAtMs: nowMs };
    leases.put(released, nowMs);
    return released;
  }

  #quarantine(
    leases: SubnetLeases,
    address: Ipv4Address,
    facts: ClientFacts,
    nowMs: number,
  ): Lease {
    // However many clients complain, half of the pool stays in service.
    const { count, oldest } = leases.declined;
    if (oldest !== undefined && count >= Math.max(1, leases.poolSize / 2)) {
      leases.forget(oldest);
    }
    const lease: Lease = {
      address,
      clientKey: facts.key,
      mac: facts.mac,
      state: 'declined',
      startedAtMs: nowMs,
      expiresAtMs: nowMs + quarantineMs,
      ...describeClient(facts),
    };
    leases.put(lease, nowMs);
    return lease;
  }

  #countDecline(clientKey: string, nowMs: number): number {
    const before = this.#declines.get(clientKey);
    const count = before !== undefined && before.untilMs > nowMs ? before.count + 1 : 1;
    this.#declines.delete(clientKey);
    this.#declines.set(clientKey, { count, untilMs: nowMs + quarantineMs });
    const [oldest] = this.#declines.keys();
    if (oldest !== undefined && this.#declines.size > maximumDecliningClients) {
      this.#declines.delete(oldest);
    }
    return count;
  }

  #at(address: Ipv4Address): SubnetLeases | undefined {
    return this.#subnets.find(({ subnet }) => isInSubnet(address, subnet.subnet));
  }
}

function silent(reason: SilentReason): LeaseDecision {
  return { kind: 'silent', reason };
}

function isAddressedToUs({ serverIdentifier, ourIdentifier }: LeaseQuery): boolean {
  return serverIdentifier === undefined || serverIdentifier === ourIdentifier;
}

/** A client may ask for less than the subnet's lease time, not for more. */
function toLeaseSec({ subnet, requestedLeaseSec = subnet.leaseSec }: LeaseQuery): number {
  return Math.min(subnet.leaseSec, Math.max(minimumLeaseSec, requestedLeaseSec));
}

function describeClient({
  hostName,
  vendorClass,
  userClass,
  relayAgent,
}: ClientFacts): Partial<Lease> {
  return {
    ...(hostName === undefined ? {} : { hostName }),
    ...(vendorClass === undefined ? {} : { vendorClass: vendorClass.text }),
    ...(userClass === undefined ? {} : { userClass }),
    ...(relayAgent.circuitId === undefined ? {} : { circuitId: relayAgent.circuitId }),
    ...(relayAgent.remoteId === undefined ? {} : { remoteId: relayAgent.remoteId }),
  };
}
