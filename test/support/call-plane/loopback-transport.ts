/**
 * A network inside the test process: endpoints with addresses that exchange serialized messages on
 * a fake clock, with loss, duplication, delay and reordering as the test wishes. Over `tcp` nothing
 * is disturbed; a send to an address where nobody listens fails, as a refused connection does.
 */
import type { Clock } from '../../../system/foundation/clock.ts';
import { parseMessage } from '../../../system/call-plane/sip/messages/parse-message.ts';
import { SipParseError } from '../../../system/call-plane/sip/messages/sip-parse-error.ts';
import type {
  Flow,
  SipTransport,
  TransportProtocol,
  TransportUser,
} from '../../../system/call-plane/sip/transport.ts';

/** One message on its way. */
export interface LoopbackPacket {
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly text: string;
  /** The start line, e.g. `INVITE sip:bob@192.0.2.2 SIP/2.0` or `SIP/2.0 200 OK`. */
  readonly startLine: string;
  readonly atMs: number;
}

/**
 * The extra delays, in milliseconds, with which a packet arrives: `[]` loses it, `[0]` delivers it,
 * `[0, 0]` duplicates it, `[50]` lets those behind it overtake.
 */
export type Disturbance = (packet: LoopbackPacket) => readonly number[];

export interface DisturbanceRates {
  /** 0 to 1 each. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  /** How late a reordered packet can be. */
  readonly longestDelayMs: number;
}

/** Disturbs at random; `random` yields numbers from 0 up to 1, e.g. of a seeded generator. */
export function disturbAtRandom(random: () => number, rates: DisturbanceRates): Disturbance {
  const draw = (): number => (random() < rates.reordering ? random() * rates.longestDelayMs : 0);
  return () => {
    if (random() < rates.loss) {
      return [];
    }
    return random() < rates.duplication ? [draw(), draw()] : [draw()];
  };
}

export class LoopbackNetwork {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #endpoints = new Map<string, LoopbackTransport>();
  /** Every packet that was sent, lost ones included. */
  readonly packets: LoopbackPacket[] = [];
  disturb: Disturbance = () => [0];

  constructor(clock: Clock, delayMs = 10) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** An endpoint that listens at one address and port with every protocol. */
  open(address: string, port = 5060): LoopbackTransport {
    const endpoint = new LoopbackTransport(this, address, port);
    this.#endpoints.set(toKey(address, port), endpoint);
    return endpoint;
  }

  /** From now on nobody is there. */
  remove(endpoint: LoopbackTransport): void {
    this.#endpoints.delete(toKey(endpoint.address, endpoint.port));
  }

  /** The start lines of what one address has sent, in order. */
  startLinesFrom(address: string): string[] {
    return this.packets
      .filter((packet) => packet.fromAddress === address)
      .map((packet) => packet.startLine);
  }

  /** Of endpoints only. */
  carry(bytes: Buffer, flow: Flow, onFailure: ((error: Error) => void) | undefined): void {
    const text = bytes.toString();
    const packet: LoopbackPacket = {
      fromAddress: flow.localAddress,
      toAddress: flow.remoteAddress,
      text,
      startLine: text.slice(0, text.indexOf('\r\n')),
      atMs: this.#clock.nowMs(),
    };
    this.packets.push(packet);
    const key = toKey(flow.remoteAddress, flow.remotePort);
    if (flow.protocol === 'tcp' && !this.#endpoints.has(key)) {
      this.#clock.schedule(0, () => {
        onFailure?.(new Error('connection refused'));
      });
      return;
    }
    const copy = Buffer.from(bytes);
    const extraDelaysMs = flow.protocol === 'tcp' ? [0] : this.disturb(packet);
    for (const extraDelayMs of extraDelaysMs) {
      this.#clock.schedule(this.#delayMs + extraDelayMs, () => {
        this.#endpoints.get(key)?.deliver(copy, flow);
      });
    }
  }
}

export class LoopbackTransport implements SipTransport {
  readonly address: string;
  readonly port: number;
  readonly #network: LoopbackNetwork;
  readonly #connections = new Map<string, Flow>();
  #user: TransportUser | undefined;

  constructor(network: LoopbackNetwork, address: string, port: number) {
    this.#network = network;
    this.address = address;
    this.port = port;
  }

  /** What arrives before this is lost. */
  start(user: TransportUser): void {
    this.#user = user;
  }

  send(message: Buffer, flow: Flow, onFailure?: (error: Error) => void): void {
    this.#network.carry(message, flow, onFailure);
  }

  flowTo(protocol: TransportProtocol, address: string, port: number): Flow {
    return {
      protocol,
      localAddress: this.address,
      localPort: this.port,
      remoteAddress: address,
      remotePort: port,
    };
  }

  connectionTo(address: string, port: number): Flow | undefined {
    return this.#connections.get(toKey(address, port));
  }

  /** Makes `connectionTo` know a connection to this address. */
  connect(address: string, port = 5060): Flow {
    const flow = this.flowTo('tcp', address, port);
    this.#connections.set(toKey(address, port), flow);
    return flow;
  }

  /** Of the network only: `flow` is the sender's. */
  deliver(bytes: Buffer, flow: Flow): void {
    const user = this.#user;
    if (user === undefined) {
      return;
    }
    const ownFlow = this.flowTo(flow.protocol, flow.localAddress, flow.localPort);
    try {
      user.handleMessage(parseMessage(bytes), ownFlow);
    } catch (error) {
      if (!(error instanceof SipParseError)) {
        throw error;
      }
      if (error.request !== undefined) {
        user.handleParseError(error, ownFlow);
      }
    }
  }
}

function toKey(address: string, port: number): string {
  return `${address}|${String(port)}`;
}
