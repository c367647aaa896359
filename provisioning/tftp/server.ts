/**
 * The TFTP server: read only, on chosen addresses, with limits per client and in all. Requests that
 * exceed a limit are not answered: the client repeats them a second later, which is a queue that
 * costs nothing; a client that has not answered for a second makes room for them. A forged source address gets about seven small packets, for a window is sent only
 * to a client that has answered.
 */
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TurnsAway } from '../../system/foundation/address-filter.ts';
import { toErrorMessage } from '../../system/foundation/app-error.ts';
import { bindUdpSocket } from '../../system/foundation/bind-udp-socket.ts';
import type { Clock } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { RateLimit } from '../../system/foundation/rate-limit.ts';
import { TypedEmitter } from '../../system/foundation/typed-emitter.ts';
import type { Content, FileSource, TftpClient } from './file-source.ts';
import { negotiate } from './negotiation.ts';
import { toNetascii } from './netascii.ts';
import { errorCode, parseClientPacket, serializeError, type ClientPacket } from './packet.ts';
import { TftpError } from './tftp-error.ts';
import { TransferSession, type TransferEnd } from './transfer-session.ts';

export interface TftpListenAddress {
  /** One of our addresses: answers leave from the one that was asked. */
  readonly address: string;
  /** 69; 0 for any. */
  readonly port: number;
}

export interface TftpLimits {
  readonly transfers: number;
  readonly transfersPerClient: number;
}

export interface FileRequested {
  readonly client: TftpClient;
  /** As the client sent it; hostile text. */
  readonly fileName: string;
  /** `refused`: an attempt to write. */
  readonly outcome: 'found' | 'not-found' | 'refused';
}

export interface TransferEnded extends TransferEnd {
  readonly client: TftpClient;
  readonly fileName: string;
  readonly durationMs: number;
}

export interface TftpEvents {
  fileRequested: [FileRequested];
  transferEnded: [TransferEnded];
}

export interface TftpServerOptions {
  readonly source: FileSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: TftpLimits;
  /** Whom nothing is answered; nobody when missing. */
  readonly turnsAway?: TurnsAway;
}

const defaultLimits: TftpLimits = { transfers: 1_000, transfersPerClient: 64 };
/** Phones ask for five to fifteen files each, most of which do not exist. */
const requestLimits = {
  all: { burst: 5_000, perSecond: 1_000 },
  perKey: { burst: 200, perSecond: 50 },
  maximumKeys: 4_096,
};
/** A client that has not acknowledged anything after this may be nobody: it makes room when all is full. */
const unansweredMs = 1_000;
const receiveBufferBytes = 1_024 * 1_024;

type ReadRequest = Extract<ClientPacket, { kind: 'read' }>;

/** A transfer from its request on; there is no session while the file is being opened. */
interface Slot {
  readonly fileName: string;
  readonly client: TftpClient;
  readonly atMs: number;
  session: TransferSession | undefined;
}

export class TftpServer {
  readonly events: TypedEmitter<TftpEvents>;
  readonly #options: TftpServerOptions;
  readonly #limits: TftpLimits;
  readonly #requestLimit: RateLimit;
  readonly #sockets: Socket[] = [];
  /** By the client's address and port, which is its transfer identifier. */
  readonly #slots = new Map<string, Slot>();
  readonly #slotsPerClient = new Map<string, number>();
  #isClosed = false;

  constructor(options: TftpServerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    this.#requestLimit = new RateLimit(requestLimits, options.clock.nowMs());
    this.events = new TypedEmitter((error, event) => {
      options.logger.error('A listener failed', { event, error: toErrorMessage(error) });
    });
  }

  /** Resolves with the port. Rejects with TftpError `socket`; addresses that listen go on. */
  async listen({ address, port }: TftpListenAddress): Promise<number> {
    const { logger } = this.#options;
    let socket: Socket;
    try {
      socket = await bindUdpSocket(address, port, receiveBufferBytes);
    } catch (error) {
      throw new TftpError(
        'socket',
        `UDP port ${String(port)} of ${address} cannot be opened: ${toErrorMessage(error)}`,
        { cause: error, details: { address, port } },
      );
    }
    socket.on('error', (error) => logger.warn('TFTP socket', { address, error: error.message }));
    socket.on('message', (datagram, source) => this.#receive(socket, address, datagram, source));
    this.#sockets.push(socket);
    return socket.address().port;
  }

  get transferCount(): number {
    return this.#slots.size;
  }

  /** Idempotent. Transfers that run are dropped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { session } of this.#slots.values()) {
      session?.abort('The server was stopped');
    }
    for (const socket of this.#sockets.splice(0)) {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    }
  }

  #receive(socket: Socket, localAddress: string, datagram: Buffer, source: RemoteInfo): void {
    const { clock, turnsAway } = this.#options;
    const isTurnedAway = turnsAway?.(source.address) === true;
    if (isTurnedAway || !this.#requestLimit.admit(source.address, clock.nowMs())) {
      return;
    }
    const packet = parseClientPacket(datagram);
    const client = { address: source.address, port: source.port, localAddress };
    const refuse = (code: number, message: string): void => {
      this.#answer(socket, client, serializeError(code, message));
    };
    switch (packet.kind) {
      case 'read':
        this.#read(packet, client, refuse).catch((error: unknown) => {
          this.#options.logger.error('A file could not be served by TFTP', {
            fileName: packet.fileName,
            error: toErrorMessage(error),
          });
          refuse(errorCode.notDefined, 'Server error');
        });
        return;
      case 'write':
        this.events.emit('fileRequested', {
          client,
          fileName: packet.fileName,
          outcome: 'refused',
        });
        refuse(errorCode.accessViolation, 'This server is read only');
        return;
      case 'illegal':
        refuse(errorCode.illegalOperation, packet.reason);
        return;
      case 'acknowledge':
      case 'error':
        // Late, or meant for a transfer: answering an ERROR would make two servers talk for ever.
        return;
    }
  }

  async #read(
    request: ReadRequest,
    client: TftpClient,
    refuse: (code: number, message: string) => void,
  ): Promise<void> {
    const key = `${client.address} ${String(client.port)}`;
    const slot = this.#takeSlot(key, request, client);
    if (slot === undefined) {
      return;
    }
    try {
      const opened = await this.#options.source.open(request.fileName, client);
      const outcome = opened === undefined ? 'not-found' : 'found';
      this.events.emit('fileRequested', { client, fileName: request.fileName, outcome });
      const content =
        opened !== undefined && request.mode === 'netascii' ? await toNetascii(opened) : opened;
      if (content === undefined) {
        refuse(
          opened === undefined ? errorCode.fileNotFound : errorCode.notDefined,
          opened === undefined ? 'File not found' : 'Too large for netascii',
        );
      } else if (this.#isClosed) {
        content.release();
      } else {
        this.#startSession(key, slot, request, client, content);
      }
    } finally {
      if (slot.session === undefined) {
        this.#freeSlot(key, slot, client);
      }
    }
  }

  /** Undefined: the request is not answered. */
  #takeSlot(key: string, request: ReadRequest, client: TftpClient): Slot | undefined {
    const before = this.#slots.get(key);
    if (before !== undefined) {
      const isRepeated =
        before.fileName === request.fileName && before.session?.hasProgress !== true;
      if (isRepeated || before.session === undefined) {
        return undefined;
      }
      before.session.abort('The client began anew');
    }
    if (!this.#hasRoom(client)) {
      return undefined;
    }
    const atMs = this.#options.clock.nowMs();
    const slot: Slot = { fileName: request.fileName, client, atMs, session: undefined };
    this.#slots.set(key, slot);
    this.#slotsPerClient.set(client.address, this.#countOf(client) + 1);
    return slot;
  }

  #countOf({ address }: TftpClient): number {
    return this.#slotsPerClient.get(address) ?? 0;
  }

  /** Forged requests must not take the places of phones until they time out. */
  #hasRoom(client: TftpClient): boolean {
    const { transfers, transfersPerClient } = this.#limits;
    const isFullOfClient = this.#countOf(client) >= transfersPerClient;
    if (!isFullOfClient && this.#slots.size < transfers) {
      return true;
    }
    const beforeMs = this.#options.clock.nowMs() - unansweredMs;
    for (const { session, client: other, atMs } of this.#slots.values()) {
      if (atMs > beforeMs) {
        // The oldest are first.
        return false;
      }
      const isCandidate = !isFullOfClient || other.address === client.address;
      if (isCandidate && session?.hasProgress === false) {
        session.abort('It did not answer, and others wait');
        return true;
      }
    }
    return false;
  }

  #freeSlot(key: string, slot: Slot, client: TftpClient): void {
    if (this.#slots.get(key) === slot) {
      this.#slots.delete(key);
    }
    const rest = (this.#slotsPerClient.get(client.address) ?? 1) - 1;
    if (rest === 0) {
      this.#slotsPerClient.delete(client.address);
    } else {
      this.#slotsPerClient.set(client.address, rest);
    }
  }

  #startSession(
    key: string,
    slot: Slot,
    request: ReadRequest,
    client: TftpClient,
    content: Content,
  ): void {
    const { clock } = this.#options;
    const { fileName } = request;
    const startedAtMs = clock.nowMs();
    slot.session = new TransferSession({
      client,
      content,
      negotiation: negotiate(request.options, content.sizeBytes),
      clock,
      onEnd: (end) => {
        this.#freeSlot(key, slot, client);
        const durationMs = clock.nowMs() - startedAtMs;
        this.events.emit('transferEnded', { ...end, client, fileName, durationMs });
      },
    });
    slot.session.start();
  }

  /** An error of sending means that the client is not there. */
  #answer(socket: Socket, client: TftpClient, datagram: Buffer): void {
    if (!this.#isClosed) {
      socket.send(datagram, client.port, client.address, () => undefined);
    }
  }
}
