/**
 * From a message to everything that follows from it: the answer, what is to be stored, what others
 * are told. Joins facts, lease rules, option rules and reply; pure, so that a whole conversation is
 * tested without sockets.
 */
import { readClientFacts, type ClientFacts } from './message/client-facts.ts';
import type { CompiledInterface, CompiledSettings, CompiledSubnet } from './compiled-settings.ts';
import { isInSubnet, parseIpv4, unspecifiedAddress, type Ipv4Address } from '../ipv4.ts';
import type { Lease } from './leases/lease.ts';
import {
  LeaseRules,
  type LeaseDecision,
  type LeaseQuery,
  type SilentReason,
} from './leases/lease-rules.ts';
import { findMessageType, type MessageType } from './message/message-type.ts';
import { optionCode } from './message/option-code.ts';
import type { ChosenOptions, DeviceDescription } from './options/option-rules.ts';
import { expandVariables, type OptionVariables } from './options/option-variables.ts';
import type { DhcpPacket } from './message/packet.ts';
import { createReply, type Reply, type ReplyContent } from './reply.ts';

/** What the PBX knows of devices; asked on every message, so it must answer at once from memory. */
export interface DeviceDirectory {
  describe(facts: ClientFacts): DeviceDescription | undefined;
  /** Whether an administrator rejected it: it gets no address, and none that it has again. */
  refuses(mac: string): boolean;
}

export interface Answer {
  readonly type: MessageType;
  readonly facts: ClientFacts;
  readonly reply?: Reply;
  /** Which of the lease rules' decisions it is; `other-network` where no subnet is the client's, `rejected` where the directory refuses the client. */
  readonly outcome: LeaseDecision['kind'] | SilentReason | 'other-network' | 'rejected';
  /** To be stored before the reply goes out, in this order. */
  readonly changed: readonly Lease[];
  /** An offered address that somebody unknown may sit on. */
  readonly unfamiliarAddress?: Ipv4Address;
  /** The server whose offer the client took. */
  readonly otherServer?: Ipv4Address;
  /** Names of the rules that chose options beyond the subnet's. */
  readonly appliedRules: readonly string[];
}

export class Responder {
  readonly #directory: DeviceDirectory;
  readonly leases: LeaseRules;
  #settings: CompiledSettings;

  constructor(settings: CompiledSettings, directory: DeviceDirectory) {
    this.#settings = settings;
    this.#directory = directory;
    this.leases = new LeaseRules(settings.subnets);
  }

  get settings(): CompiledSettings {
    return this.#settings;
  }

  configure(settings: CompiledSettings, nowMs: number): void {
    this.#settings = settings;
    this.leases.configure(settings.subnets, nowMs);
  }

  /**
   * Undefined for what is no message of a DHCP client: BOOTP, answers, unknown types. BOOTP is left
   * unanswered (RFC 1534 §2 allows it): its leases would never end, so each device of long ago would
   * take an address from the pool for good.
   */
  handle(packet: DhcpPacket, via: CompiledInterface, nowMs: number): Answer | undefined {
    const type = findMessageType(packet.options);
    const facts = packet.op === 'request' ? readClientFacts(packet) : undefined;
    if (type === undefined || facts === undefined) {
      return undefined;
    }
    const subnet = this.#findSubnet(packet, facts, via);
    if (subnet === undefined) {
      return { type, facts, outcome: 'other-network', changed: [], appliedRules: [] };
    }
    const isRelayed = packet.relayAddress !== unspecifiedAddress;
    const ourIdentifier =
      (isRelayed ? facts.relayAgent.serverIdentifierOverride : undefined) ?? via.address;
    const requestedLeaseSec = readNumber(packet, optionCode.leaseTime);
    const query: LeaseQuery = {
      type,
      facts,
      subnet,
      clientAddress: packet.clientAddress,
      requestedAddress: readNumber(packet, optionCode.requestedAddress),
      serverIdentifier: readNumber(packet, optionCode.serverIdentifier),
      requestedLeaseSec,
      ourIdentifier,
    };
    if (['discover', 'request', 'inform'].includes(type) && this.#directory.refuses(facts.mac)) {
      return this.#turnAway(packet, query);
    }
    const decision = this.leases.handle(query, nowMs);
    return this.#answer(packet, query, decision, via);
  }

  /**
   * Says nothing, so that another server may answer; only the address that the client has of us is
   * taken back when it wants to keep it.
   */
  #turnAway(packet: DhcpPacket, query: LeaseQuery): Answer {
    const { type, facts, clientAddress, requestedAddress, ourIdentifier } = query;
    const base: Answer = { type, facts, outcome: 'rejected', changed: [], appliedRules: [] };
    const address = clientAddress === unspecifiedAddress ? requestedAddress : clientAddress;
    const isOurs = address !== undefined && this.leases.find(facts.key, address) !== undefined;
    if (type !== 'request' || !isOurs) {
      return base;
    }
    return { ...base, reply: this.#createRefusal(packet, facts, ourIdentifier, 'device rejected') };
  }

  #createRefusal(
    packet: DhcpPacket,
    facts: ClientFacts,
    serverIdentifier: Ipv4Address,
    message: string,
  ): Reply {
    const yourAddress = unspecifiedAddress;
    return createReply(packet, facts, { type: 'refuse', serverIdentifier, yourAddress, message });
  }

  #answer(
    packet: DhcpPacket,
    query: LeaseQuery,
    decision: LeaseDecision,
    via: CompiledInterface,
  ): Answer {
    const { type, facts } = query;
    const base = { type, facts, appliedRules: [], changed: [], outcome: decision.kind };
    switch (decision.kind) {
      case 'offer': {
        const answer = this.#reply(packet, query, via, {
          type: 'offer',
          yourAddress: decision.address,
          leaseSec: decision.leaseSec,
          reservation: decision.reservation,
        });
        const unfamiliar = decision.isFamiliar ? {} : { unfamiliarAddress: decision.address };
        return { ...base, ...answer, ...unfamiliar };
      }
      case 'acknowledge': {
        const answer = this.#reply(packet, query, via, {
          type: 'acknowledge',
          yourAddress: decision.lease.address,
          leaseSec: decision.leaseSec,
          reservation: decision.reservation,
        });
        const former = decision.former === undefined ? [] : [decision.former];
        return { ...base, ...answer, changed: [...former, decision.lease] };
      }
      case 'inform':
        return {
          ...base,
          ...this.#reply(packet, query, via, {
            type: 'acknowledge',
            yourAddress: unspecifiedAddress,
            reservation: query.subnet.reservationByClient.get(facts.key),
          }),
        };
      case 'refuse':
        return {
          ...base,
          reply: this.#createRefusal(
            packet,
            facts,
            query.ourIdentifier,
            decision.reason === 'foreign-subnet' ? 'wrong network' : 'address not available',
          ),
        };
      case 'released':
      case 'declined':
        return { ...base, changed: [decision.lease] };
      case 'silent':
        return {
          ...base,
          outcome: decision.reason,
          ...(decision.reason === 'other-server' && query.serverIdentifier !== undefined
            ? { otherServer: query.serverIdentifier }
            : {}),
        };
    }
  }

  #reply(
    packet: DhcpPacket,
    query: LeaseQuery,
    via: CompiledInterface,
    content: Omit<ReplyContent, 'serverIdentifier' | 'subnet' | 'chosen' | 'nextServer'>,
  ): Pick<Answer, 'reply' | 'appliedRules'> {
    const { facts, subnet } = query;
    const variables: OptionVariables = {
      ...via.variables,
      mac: facts.mac,
      MAC: facts.mac.toUpperCase(),
    };
    const chosen = this.#chooseOptions(facts, subnet, content.reservation?.tags, variables);
    const nextServer =
      chosen.nextServer === undefined
        ? undefined
        : parseIpv4(expandVariables(chosen.nextServer, variables));
    const reply = createReply(packet, facts, {
      ...content,
      serverIdentifier: query.ourIdentifier,
      subnet,
      chosen,
      ...(nextServer === undefined ? {} : { nextServer }),
    });
    const appliedRules = [...new Set([...chosen.options.values()].map(({ origin }) => origin))];
    return { reply, appliedRules };
  }

  #chooseOptions(
    facts: ClientFacts,
    subnet: CompiledSubnet,
    reservationTags: readonly string[] = [],
    variables: OptionVariables,
  ): ChosenOptions {
    const device = this.#directory.describe(facts) ?? {};
    const tags = [...reservationTags, ...(device.tags ?? [])];
    return subnet.rules.choose(facts, { ...device, tags }, variables);
  }

  /**
   * RFC 2131 §4.3.1 and RFC 3527: the relay's link; for a renewal that comes straight, the subnet
   * in which the client has its lease; else the one of the interface.
   */
  #findSubnet(
    packet: DhcpPacket,
    facts: ClientFacts,
    via: CompiledInterface,
  ): CompiledSubnet | undefined {
    const containing = (address: Ipv4Address): CompiledSubnet | undefined =>
      this.#settings.subnets.find(({ subnet }) => isInSubnet(address, subnet));
    if (packet.relayAddress !== unspecifiedAddress) {
      return containing(facts.relayAgent.linkSelection ?? packet.relayAddress);
    }
    const { clientAddress } = packet;
    return this.leases.find(facts.key, clientAddress) === undefined
      ? via.subnet
      : (containing(clientAddress) ?? via.subnet);
  }
}

function readNumber(packet: DhcpPacket, code: number): number | undefined {
  const value = packet.options.get(code);
  return value?.length === 4 ? value.readUInt32BE() : undefined;
}
