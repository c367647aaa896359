/**
 * The FTP server: sessions on chosen addresses, with limits per client and in all. What a name means is
 * decided elsewhere (`file-store.ts`).
 */
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { TurnsAway } from '../../system/foundation/address-filter.ts';
import { toErrorMessage } from '../../system/foundation/app-error.ts';
import type { Clock } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { RateLimit } from '../../system/foundation/rate-limit.ts';
import { TypedEmitter } from '../../system/foundation/typed-emitter.ts';
import { ControlConnection, type SessionLimits } from './control-connection.ts';
import type { FtpClient, FtpFileStore } from './file-store.ts';
import { FtpError } from './ftp-error.ts';
import type { FtpEvent, FtpHappening } from './ftp-event.ts';
import { LoginGuard } from './login-guard.ts';
import { PassivePorts, type PortRange } from './passive-ports.ts';
import { serializeReply } from './reply.ts';

export interface FtpListenAddress {
  readonly address: string;
  /** 21; 0 for any. */
  readonly port: number;
}

/** Read whenever they are needed: a change needs no restart. */
export interface FtpServerSettings {
  readonly passivePorts: PortRange;
  readonly passiveAddress: string | undefined;
}

export interface FtpLimits extends SessionLimits {
  readonly sessions: number;
  readonly sessionsPerClient: number;
}

export interface FtpServerOptions {
  readonly store: FtpFileStore;
  readonly authenticate: (name: string, password: string) => boolean;
  readonly settings: () => FtpServerSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<FtpLimits>;
  /** Whom nothing is answered; nobody when missing. */
  readonly turnsAway?: TurnsAway;
}

const defaultLimits: FtpLimits = {
  sessions: 256,
  // A whole office may be behind one address.
  sessionsPerClient: 100,
  idleMs: 120_000,
  stallMs: 30_000,
  failureDelayMs: 1_000,
};
const connectionLimits = {
  all: { burst: 500, perSecond: 100 },
  perKey: { burst: 200, perSecond: 20 },
  maximumKeys: 4_096,
};
/** Files that are held in memory at once while they come. */
const maximumUploads = 4;

export class FtpServer {
  readonly events: TypedEmitter<{ happened: [FtpEvent] }>;
  readonly #options: FtpServerOptions;
  readonly #limits: FtpLimits;
  readonly #connectionLimit: RateLimit;
  readonly #guard = new LoginGuard();
  readonly #passivePorts: PassivePorts;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<ControlConnection>();
  readonly #perClient = new Map<string, number>();
  #uploadCount = 0;

  constructor(options: FtpServerOptions) {
    const { clock, settings, logger } = options;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#connectionLimit = new RateLimit(connectionLimits, clock.nowMs());
    this.#passivePorts = new PassivePorts(clock, () => settings().passivePorts);
    this.events = new TypedEmitter((error, event) => {
      logger.error('A listener failed', { event, error: toErrorMessage(error) });
    });
  }

  /** Resolves with the port. Rejects with FtpError `socket`; addresses that listen go on. */
  async listen({ address, port }: FtpListenAddress): Promise<number> {
    const server = createServer({ keepAlive: true }, (socket) => this.#accept(socket));
    try {
      const listening = once(server, 'listening');
      server.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address) });
      await listening;
    } catch (error) {
      server.close();
      throw new FtpError(
        'socket',
        `TCP port ${String(port)} of ${address} cannot be opened: ${toErrorMessage(error)}`,
        { cause: error, details: { address, port } },
      );
    }
    server.on('error', (error) => {
      this.#options.logger.warn('FTP socket', { address, error: error.message });
    });
    this.#servers.push(server);
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  get sessionCount(): number {
    return this.#connections.size;
  }

  /** Addresses with many wrong logins are let in again. */
  forgive(): void {
    this.#guard.forgive();
  }

  /** Idempotent. Transfers that run are dropped. */
  async close(): Promise<void> {
    const closing = this.#servers.splice(0).map(async (server) => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    });
    for (const connection of this.#connections) {
      connection.stop();
    }
    await Promise.all(closing);
  }

  #accept(socket: Socket): void {
    const { clock, turnsAway } = this.#options;
    const { remoteAddress, remotePort, localAddress } = socket;
    if (
      remoteAddress === undefined ||
      remotePort === undefined ||
      localAddress === undefined ||
      turnsAway?.(remoteAddress) === true
    ) {
      socket.destroy();
      return;
    }
    const client = { address: remoteAddress, port: remotePort, localAddress };
    const ofClient = this.#perClient.get(client.address) ?? 0;
    const isWelcome =
      this.#connections.size < this.#limits.sessions &&
      ofClient < this.#limits.sessionsPerClient &&
      this.#connectionLimit.admit(client.address, clock.nowMs()) &&
      !this.#guard.isBlocked(client.address, clock.nowMs());
    if (!isWelcome) {
      socket.on('error', () => socket.destroy());
      socket.end(serializeReply({ code: 421, text: 'Not now; try again later.' }));
      clock.schedule(this.#limits.failureDelayMs, () => socket.destroy());
      return;
    }
    this.#perClient.set(client.address, ofClient + 1);
    this.#open(socket, client);
  }

  #open(socket: Socket, client: FtpClient): void {
    const { store, authenticate, settings, clock, logger } = this.#options;
    const connection = new ControlConnection({
      socket,
      client,
      store,
      authenticate,
      passivePorts: this.#passivePorts,
      passiveAddress: () => settings().passiveAddress,
      takeUploadPlace: () => this.#takeUploadPlace(),
      limits: this.#limits,
      clock,
      logger,
      onHappening: (happening) => {
        this.#note(client, happening);
        if (happening.kind === 'ended') {
          this.#connections.delete(connection);
          this.#leave(client);
        }
      },
    });
    this.#connections.add(connection);
    connection.start();
  }

  #note(client: FtpClient, happening: FtpHappening): void {
    this.events.emit('happened', { client, happening });
    const isFailure = happening.kind === 'login-refused';
    if (isFailure && this.#guard.note(client.address, this.#options.clock.nowMs())) {
      this.events.emit('happened', { client, happening: { kind: 'blocked' } });
    }
  }

  #leave({ address }: FtpClient): void {
    const rest = (this.#perClient.get(address) ?? 1) - 1;
    if (rest === 0) {
      this.#perClient.delete(address);
    } else {
      this.#perClient.set(address, rest);
    }
  }

  #takeUploadPlace(): (() => void) | undefined {
    if (this.#uploadCount >= maximumUploads) {
      return undefined;
    }
    this.#uploadCount += 1;
    return () => {
      this.#uploadCount -= 1;
    };
  }
}
