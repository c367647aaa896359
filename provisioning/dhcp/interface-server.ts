/**
 * One interface's way from a datagram to the answer: limit, parse, decide, look whether the address
 * is really free, store, send. Nothing that arrives makes it throw.
 */
import type { Clock } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import type { TypedEmitter } from '../../system/foundation/typed-emitter.ts';
import type { CompiledInterface } from './compiled-settings.ts';
import { DeviceSightings } from './device-sightings.ts';
import { DhcpError } from './dhcp-error.ts';
import type { DhcpEvents } from './dhcp-events.ts';
import { DhcpSocket } from './network/dhcp-socket.ts';
import { findHardwareAddress } from './message/hardware-address.ts';
import { formatIpv4, type Ipv4Address } from '../ipv4.ts';
import { presentLease, type Lease } from './leases/lease.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import { isBootp } from './message/message-type.ts';
import { MessageLimit } from './network/message-limit.ts';
import { NeighbourCheck } from './network/neighbour-check.ts';
import { parseDhcpPacket, type DhcpPacket } from './message/packet.ts';
import type { Reply } from './reply.ts';
import type { Answer, Responder } from './responder.ts';

export interface InterfaceServerOptions {
  readonly ports: { readonly server: number; readonly client: number };
  readonly responder: Responder;
  readonly store: LeaseStore;
  readonly events: TypedEmitter<DhcpEvents>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Offers that wait for a look at their address; further ones go out without. */
const maximumChecks = 256;
const complaintIntervalMs = 60_000;

export class InterfaceServer {
  readonly #options: InterfaceServerOptions;
  #settings: CompiledInterface;
  readonly #limit: MessageLimit;
  readonly #neighbours: NeighbourCheck;
  readonly #sightings = new DeviceSightings();
  readonly #complainedAtMs = new Map<string, number>();
  /** Our own probe for other servers comes back to us as everybody's broadcast does. */
  #ownHardwareAddress: Buffer | undefined;
  #socket: DhcpSocket | undefined;
  #checks = 0;
  #bootpCount = 0;

  constructor(settings: CompiledInterface, options: InterfaceServerOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#limit = new MessageLimit(options.clock.nowMs());
    this.#neighbours = new NeighbourCheck(options.clock);
  }

  /** Requests by BOOTP since the start, which are not answered. */
  get bootpCount(): number {
    return this.#bootpCount;
  }

  /** Other settings of the same interface and address; together with those of the responder. */
  configure(settings: CompiledInterface): void {
    this.#settings = settings;
  }

  /** Rejects with DhcpError `socket`. */
  async start(): Promise<void> {
    const { ports, logger } = this.#options;
    const settings = this.#settings;
    this.#ownHardwareAddress = findHardwareAddress(settings.name);
    this.#socket = await DhcpSocket.open({
      interfaceName: settings.name,
      port: ports.server,
      onMessage: (datagram) => this.receive(datagram),
      onError: (error) => {
        if (this.#mayComplain('socket')) {
          logger.warn('DHCP socket', { interface: settings.name, error: error.message });
        }
      },
    });
  }

  async close(): Promise<void> {
    await this.#socket?.close();
  }

  /** Any bytes; never throws: an error of ours ends this one message. */
  receive(datagram: Buffer): void {
    this.#handle(datagram).catch((error: unknown) => {
      this.#options.logger.error('A DHCP message could not be handled', {
        interface: this.#settings.name,
        error,
      });
    });
  }

  async #handle(datagram: Buffer): Promise<void> {
    const { clock, responder, logger } = this.#options;
    const settings = this.#settings;
    if (!this.#limit.admit(datagram, clock.nowMs())) {
      if (this.#mayComplain('limit')) {
        const dropped = this.#limit.takeDroppedCount();
        logger.warn('Too many DHCP messages', { interface: settings.name, dropped });
      }
      return;
    }
    const packet = this.#parse(datagram);
    if (packet === undefined || this.#ownHardwareAddress?.equals(packet.hardwareAddress) === true) {
      return;
    }
    const answer = responder.handle(packet, settings, clock.wallMs());
    if (answer === undefined) {
      this.#countBootp(packet);
      return;
    }
    this.#report(packet, answer);
    if (this.#needsCheck(packet, answer)) {
      await this.#sendIfFree(packet, answer);
    } else {
      await this.#storeAndSend(answer);
    }
  }

  #countBootp(packet: DhcpPacket): void {
    if (packet.op === 'request' && isBootp(packet.options)) {
      this.#bootpCount += 1;
      this.#options.logger.debug('BOOTP is not answered', {
        interface: this.#settings.name,
        mac: packet.hardwareAddress.toString('hex'),
      });
    }
  }

  #parse(datagram: Buffer): DhcpPacket | undefined {
    try {
      return parseDhcpPacket(datagram);
    } catch (error) {
      if (!(error instanceof DhcpError)) {
        throw error;
      }
      this.#options.logger.debug('DHCP message left aside', { reason: error.message });
      return undefined;
    }
  }

  #report(packet: DhcpPacket, answer: Answer): void {
    const { events, clock, logger } = this.#options;
    const { facts, outcome } = answer;
    const interfaceName = this.#settings.name;
    const isAsking = ['discover', 'request', 'inform'].includes(answer.type);
    if (isAsking && this.#sightings.isNews(facts, clock.nowMs())) {
      events.emit('deviceSeen', { interfaceName, facts });
    }
    if (outcome === 'rejected' && this.#mayComplain(`rejected ${facts.mac}`)) {
      logger.info('A rejected device gets no address', {
        interface: interfaceName,
        mac: facts.mac,
      });
    }
    if (outcome === 'pool-full' && this.#mayComplain('pool-full')) {
      events.emit('poolFull', { interfaceName, mac: facts.mac });
    }
    if (answer.otherServer !== undefined && packet.relayAddress === 0) {
      const server = formatIpv4(answer.otherServer);
      if (this.#mayComplain(`other-server ${server}`)) {
        events.emit('otherServerSeen', { interfaceName, server });
      }
    }
    if (outcome === 'declined') {
      const address = answer.changed[0]?.address ?? 0;
      this.#reportConflict(address, facts.mac, undefined);
    }
    if (logger.isDebugEnabled()) {
      logger.debug('DHCP', {
        interface: interfaceName,
        mac: facts.mac,
        type: answer.type,
        outcome,
      });
    }
  }

  #reportConflict(address: Ipv4Address, mac: string, strangerMac: string | undefined): void {
    this.#options.events.emit('addressConflict', {
      interfaceName: this.#settings.name,
      address: formatIpv4(address),
      mac,
      ...(strangerMac === undefined ? {} : { strangerMac }),
    });
  }

  /** Behind a relay nobody can be looked for: ARP ends at the router. */
  #needsCheck(packet: DhcpPacket, answer: Answer): boolean {
    return (
      answer.unfamiliarAddress !== undefined &&
      packet.relayAddress === 0 &&
      this.#checks < maximumChecks
    );
  }

  async #sendIfFree(packet: DhcpPacket, answer: Answer): Promise<void> {
    const { responder, clock } = this.#options;
    const { facts, unfamiliarAddress: address } = answer;
    const socket = this.#socket;
    if (socket === undefined || address === undefined) {
      return;
    }
    this.#checks += 1;
    const strangerMac = await this.#neighbours.findStranger({
      socket,
      interfaceName: this.#settings.name,
      address,
      expectedMacs: [facts.mac, ...responder.leases.macsAt(address)],
    });
    this.#checks -= 1;
    if (strangerMac === undefined) {
      await this.#storeAndSend(answer);
      return;
    }
    const lease = responder.leases.markConflict(address, facts, clock.wallMs());
    this.#reportConflict(address, facts.mac, strangerMac);
    await this.#save(lease === undefined ? [] : [lease], []);
    const next = responder.handle(packet, this.#settings, clock.wallMs());
    if (next !== undefined && this.#needsCheck(packet, next)) {
      await this.#sendIfFree(packet, next);
    } else if (next !== undefined) {
      await this.#storeAndSend(next);
    }
  }

  async #storeAndSend(answer: Answer): Promise<void> {
    if (answer.changed.length > 0) {
      await this.#save(answer.changed, answer.appliedRules);
    }
    if (answer.reply !== undefined) {
      this.#send(answer.reply);
    }
  }

  /** A full disk must not leave phones without an address, so this never rejects. */
  async #save(leases: readonly Lease[], rules: readonly string[]): Promise<void> {
    const { store, events, responder, clock } = this.#options;
    try {
      await store.save(leases);
    } catch (error) {
      if (this.#mayComplain('store')) {
        events.emit('storeFailed', error);
      }
    }
    for (const lease of leases) {
      const isReserved = responder.leases.isReserved(lease.address);
      events.emit('leaseChanged', presentLease(lease, isReserved, clock.wallMs()), rules);
    }
  }

  #send({ datagram, address, port, leftOut }: Reply): void {
    const { ports, logger } = this.#options;
    this.#socket?.send(datagram, address, ports[port]);
    if (leftOut.length > 0) {
      logger.debug('DHCP options left out of a full message', {
        interface: this.#settings.name,
        leftOut,
      });
    }
  }

  #mayComplain(about: string): boolean {
    const nowMs = this.#options.clock.nowMs();
    const before = this.#complainedAtMs.get(about);
    if (before !== undefined && nowMs - before < complaintIntervalMs) {
      return false;
    }
    if (this.#complainedAtMs.size > 64) {
      this.#complainedAtMs.clear();
    }
    this.#complainedAtMs.set(about, nowMs);
    return true;
  }
}
