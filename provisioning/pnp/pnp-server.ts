/**
 * Answers phones that ask for their provisioning by multicast: joins 224.0.1.75, says 200 to the
 * SUBSCRIBE and sends a NOTIFY with the address, again until the phone answers or gives up.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TurnsAway } from '../../system/foundation/address-filter.ts';
import { AppError, toErrorMessage } from '../../system/foundation/app-error.ts';
import type { Clock, Timer } from '../../system/foundation/clock.ts';
import { randomId } from '../../system/foundation/ids.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { RateLimit } from '../../system/foundation/rate-limit.ts';
import {
  isAnswerTo,
  parsePnpRequest,
  serializePnpAnswer,
  serializePnpNotify,
  type PnpRequest,
} from './pnp-message.ts';

/** `socket`: the port is taken, or the group cannot be joined. */
export class PnpError extends AppError<'socket'> {}

export interface PnpServerOptions {
  /** 224.0.1.75; another for tests. */
  readonly group?: string;
  /** 5060; 0 for any, for tests. */
  readonly port: number;
  /** Addresses of our interfaces on which the group is joined. */
  readonly interfaces: readonly string[];
  /** `reached`: our address on the phone's network. */
  readonly decide: (request: PnpRequest, source: string, reached: string) => Promise<PnpDecision>;
  /** Whom nothing is answered. */
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Why a phone is not answered (another server may):
 * - `no-mac`: it does not say who it is
 * - `not-local`: it is not in the local network
 * - `unknown-vendor`: nobody knows its make
 * - `not-listed`: it is not in the list of devices, and only those are answered
 * - `window-closed`: it is new, and nobody may come new at this moment
 * - `already-provisioned`: it has its files; a first contact again needs the window
 */
export type PnpRefusal =
  | 'no-mac'
  | 'not-local'
  | 'unknown-vendor'
  | 'not-listed'
  | 'rejected'
  | 'window-closed'
  | 'already-provisioned';

export type PnpDecision =
  | { readonly kind: 'answer'; readonly url: string }
  | { readonly kind: 'refuse'; readonly reason: PnpRefusal };

/** `told`: no answer of the phone came yet, or ever. `accepted`: it answered our NOTIFY. */
export type PnpOutcome = 'told' | 'accepted' | 'busy' | PnpRefusal;

export interface PnpServed {
  readonly request: PnpRequest;
  readonly source: string;
  readonly atMs: number;
  readonly outcome: PnpOutcome;
}

export const pnpGroup = '224.0.1.75';

/** Phones give up after about five seconds. */
const retransmitMs = [500, 1_000, 2_000] as const;
/** Phones that are being answered; more wait for their next try. */
const maximumOpen = 500;
/** A phone asks a few times when it starts; one address must not take the places of all others. */
const requestLimits = {
  all: { burst: 2_000, perSecond: 500 },
  perKey: { burst: 10, perSecond: 1 },
  maximumKeys: 4_096,
};
/** So many of the latest are kept for the page that helps with multicast. */
const maximumServed = 100;

interface OpenNotify {
  readonly branch: string;
  readonly callId: string;
  timer: Timer | undefined;
  /** Connected to the phone. */
  readonly sockets: Socket[];
  /** What the page that helps with multicast shows of it. */
  served: { -readonly [Name in keyof PnpServed]: PnpServed[Name] } | undefined;
}

export class PnpServer {
  readonly #options: PnpServerOptions;
  readonly #open = new Map<string, OpenNotify>();
  readonly #served: PnpServed[] = [];
  readonly #requestLimit: RateLimit;
  #unreadableCount = 0;
  #socket: Socket | undefined;

  constructor(options: PnpServerOptions) {
    this.#options = options;
    this.#requestLimit = new RateLimit(requestLimits, options.clock.nowMs());
  }

  /** The newest last. */
  get served(): readonly PnpServed[] {
    return this.#served;
  }

  /** Datagrams to the group that ask for no profile of a device. */
  get unreadableCount(): number {
    return this.#unreadableCount;
  }

  /** Resolves with the port. Rejects with PnpError `socket`. */
  async start(): Promise<number> {
    const { group = pnpGroup, port, interfaces, logger } = this.#options;
    // The port is that of SIP. The daemon's SIP sockets allow it (SO_REUSEADDR, and no multicast of
    // their own): see system/call-plane/net/sip-udp.ts.
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    try {
      const listening = once(socket, 'listening');
      // Bound to the group, so that no unicast request of SIP ever lands here.
      socket.bind({ address: group, port });
      await listening;
      for (const address of interfaces) {
        socket.addMembership(group, address);
      }
    } catch (error) {
      socket.close();
      throw new PnpError('socket', `Multicast cannot be heard: ${toErrorMessage(error)}`, {
        cause: error,
      });
    }
    socket.on('error', (error) => logger.warn('PnP socket', { error: error.message }));
    socket.on('message', (datagram, source) => {
      this.#receive(datagram, source);
    });
    this.#socket = socket;
    return socket.address().port;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    for (const [key, open] of this.#open) {
      this.#end(key, open);
    }
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    }
  }

  #receive(datagram: Buffer, source: RemoteInfo): void {
    const { turnsAway, clock } = this.#options;
    const isTurnedAway = turnsAway(source.address);
    if (isTurnedAway || !this.#requestLimit.admit(source.address, clock.nowMs())) {
      return;
    }
    const request = parsePnpRequest(datagram);
    if (request === undefined) {
      this.#unreadableCount += 1;
      return;
    }
    const key = `${source.address}:${String(source.port)} ${request.callId}`;
    if (this.#open.has(key)) {
      return;
    }
    if (this.#open.size >= maximumOpen) {
      this.#remember(request, source, 'busy');
      return;
    }
    const open: OpenNotify = {
      branch: `z9hG4bK${randomId()}`,
      callId: request.callId,
      timer: undefined,
      sockets: [],
      served: undefined,
    };
    this.#open.set(key, open);
    this.#answer(key, open, request, source).catch((error: unknown) => {
      this.#end(key, open);
      this.#options.logger.error('A phone could not be answered by multicast', {
        source: source.address,
        error,
      });
    });
  }

  async #answer(
    key: string,
    open: OpenNotify,
    request: PnpRequest,
    source: RemoteInfo,
  ): Promise<void> {
    // A socket of its own, connected to the phone: it leaves from the address that the phone can
    // reach, and hears the phone's answer.
    const socket = await this.#openTo(key, open, source.port, source.address);
    if (socket === undefined) {
      this.#end(key, open);
      return;
    }
    const own = socket.address();
    const decision = await this.#options.decide(request, source.address, own.address);
    const isAnswered = decision.kind === 'answer';
    open.served = this.#remember(request, source, isAnswered ? 'told' : decision.reason);
    if (!isAnswered || this.#open.get(key) !== open) {
      this.#end(key, open);
      return;
    }
    const { url } = decision;
    const server = `${own.address}:${String(own.port)}`;
    const tag = randomId();
    socket.send(serializePnpAnswer(request, server, tag));
    const notify = serializePnpNotify(request, { server, tag, branch: open.branch, url });
    await this.#notify(key, open, notify, request, source, socket);
  }

  /** To the contact, which is the phone's own address: a contact elsewhere is not believed. */
  async #notify(
    key: string,
    open: OpenNotify,
    notify: Buffer,
    { contact }: PnpRequest,
    source: RemoteInfo,
    first: Socket,
  ): Promise<void> {
    const isElsewhere = contact.host === source.address && contact.port !== source.port;
    // The NOTIFY says the address of the first socket, to which the phone's answer goes.
    const other = isElsewhere
      ? await this.#openTo(key, open, contact.port, contact.host)
      : undefined;
    const socket = other ?? first;
    const hear = (datagram: Buffer): void => {
      if (this.#open.get(key) === open && isAnswerTo(datagram, open.branch)) {
        if (open.served !== undefined) {
          open.served.outcome = 'accepted';
        }
        this.#end(key, open);
      }
    };
    for (const one of open.sockets) {
      one.on('message', hear);
    }
    const send = (attempt: number): void => {
      if (this.#open.get(key) !== open) {
        // Closed meanwhile.
        return;
      }
      const delayMs = retransmitMs[attempt];
      if (delayMs === undefined) {
        this.#end(key, open);
        return;
      }
      socket.send(notify);
      open.timer = this.#options.clock.schedule(delayMs, () => {
        send(attempt + 1);
      });
    };
    send(0);
  }

  #end(key: string, open: OpenNotify): void {
    open.timer?.cancel();
    if (this.#open.get(key) === open) {
      this.#open.delete(key);
    }
    for (const socket of open.sockets.splice(0)) {
      socket.close();
    }
  }

  /** Undefined when there is no way to it, for a forged address may be any, or nobody waits any more. */
  async #openTo(
    key: string,
    open: OpenNotify,
    port: number,
    host: string,
  ): Promise<Socket | undefined> {
    const socket = createSocket('udp4');
    try {
      const connected = once(socket, 'connect');
      socket.connect(port, host);
      await connected;
    } catch {
      socket.close();
      return undefined;
    }
    socket.on('error', () => undefined);
    if (this.#open.get(key) !== open) {
      socket.close();
      return undefined;
    }
    open.sockets.push(socket);
    return socket;
  }

  #remember(
    request: PnpRequest,
    { address }: RemoteInfo,
    outcome: PnpOutcome,
  ): NonNullable<OpenNotify['served']> {
    const served = { request, source: address, atMs: this.#options.clock.wallMs(), outcome };
    this.#served.push(served);
    if (this.#served.length > maximumServed) {
      this.#served.shift();
    }
    return served;
  }
}
