/**
 * Answers phones that ask for their provisioning by multicast: joins 224.0.1.75, says 200 to the
 * SUBSCRIBE and sends a NOTIFY with the address, again until the phone answers or gives up.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { AppError, toErrorMessage } from '../../system/foundation/app-error.ts';
import type { Clock, Timer } from '../../system/foundation/clock.ts';
import { randomId } from '../../system/foundation/ids.ts';
import type { Logger } from '../../system/foundation/logger.ts';
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
  /**
   * The address for this phone; undefined: it is not answered, and another server may. `reached`:
   * our address on its network.
   */
  readonly findUrl: (
    request: PnpRequest,
    source: string,
    reached: string,
  ) => Promise<string | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PnpServed {
  readonly request: PnpRequest;
  readonly source: string;
  readonly wasAnswered: boolean;
}

export const pnpGroup = '224.0.1.75';

/** Phones give up after about five seconds. */
const retransmitMs = [500, 1_000, 2_000] as const;
/** Phones that are being answered; more wait for their next try. */
const maximumOpen = 500;
/** So many of the latest are kept for the page that helps with multicast. */
const maximumServed = 100;

interface OpenNotify {
  readonly branch: string;
  readonly callId: string;
  timer: Timer | undefined;
}

export class PnpServer {
  readonly #options: PnpServerOptions;
  readonly #open = new Map<string, OpenNotify>();
  readonly #served: PnpServed[] = [];
  #socket: Socket | undefined;

  constructor(options: PnpServerOptions) {
    this.#options = options;
  }

  /** The newest last. */
  get served(): readonly PnpServed[] {
    return this.#served;
  }

  /** Resolves with the port. Rejects with PnpError `socket`. */
  async start(): Promise<number> {
    const { group = pnpGroup, port, interfaces, logger } = this.#options;
    // The port of SIP is shared: the daemon's own sockets listen on unicast addresses.
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
    for (const { timer } of this.#open.values()) {
      timer?.cancel();
    }
    this.#open.clear();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    }
  }

  #receive(datagram: Buffer, source: RemoteInfo): void {
    const request = parsePnpRequest(datagram);
    const key = `${source.address}:${String(source.port)} ${request?.callId ?? ''}`;
    if (request === undefined || this.#open.has(key) || this.#open.size >= maximumOpen) {
      return;
    }
    const open: OpenNotify = {
      branch: `z9hG4bK${randomId()}`,
      callId: request.callId,
      timer: undefined,
    };
    this.#open.set(key, open);
    this.#answer(key, open, request, source).catch((error: unknown) => {
      this.#open.delete(key);
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
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    const connected = once(socket, 'connect');
    socket.connect(source.port, source.address);
    await connected;
    const own = socket.address();
    const url = await this.#options.findUrl(request, source.address, own.address);
    this.#remember({ request, source: source.address, wasAnswered: url !== undefined });
    if (url === undefined || this.#socket === undefined) {
      this.#open.delete(key);
      socket.close();
      return;
    }
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
    let socket = first;
    const isElsewhere = contact.host === source.address && contact.port !== source.port;
    if (isElsewhere) {
      const other = createSocket('udp4');
      other.on('error', () => undefined);
      const connected = once(other, 'connect');
      // The NOTIFY says the address of the first socket, to which the phone's answer goes.
      other.connect(contact.port, contact.host);
      await connected;
      socket = other;
    }
    const end = (): void => {
      open.timer?.cancel();
      this.#open.delete(key);
      first.close();
      if (socket !== first) {
        socket.close();
      }
    };
    const hear = (datagram: Buffer): void => {
      if (this.#open.get(key) === open && isAnswerTo(datagram, open.branch)) {
        end();
      }
    };
    first.on('message', hear);
    if (socket !== first) {
      socket.on('message', hear);
    }
    const send = (attempt: number): void => {
      if (this.#open.get(key) !== open) {
        // Closed meanwhile.
        first.close();
        return;
      }
      const delayMs = retransmitMs[attempt];
      if (delayMs === undefined) {
        end();
        return;
      }
      socket.send(notify);
      open.timer = this.#options.clock.schedule(delayMs, () => {
        send(attempt + 1);
      });
    };
    send(0);
  }

  #remember(served: PnpServed): void {
    this.#served.push(served);
    if (this.#served.length > maximumServed) {
      this.#served.shift();
    }
  }
}
