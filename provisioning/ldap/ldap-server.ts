/**
 * The LDAP server: owns the sockets, cuts the stream into messages, and bounds what strangers may
 * cost: connections, bytes of a message, time without login, failed logins, searches a second.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { TurnsAway } from '../../system/foundation/address-filter.ts';
import { toErrorMessage } from '../../system/foundation/app-error.ts';
import type { Clock } from '../../system/foundation/clock.ts';
import type { Logger } from '../../system/foundation/logger.ts';
import { readHeader, tag } from './ber.ts';
import type { LdapDirectory } from './ldap-directory.ts';
import { LdapError } from './ldap-error.ts';
import {
  noticeOfDisconnection,
  parseRequest,
  resultCode,
  type LdapRequest,
} from './ldap-message.ts';
import { LdapSession, type SessionAnswer } from './ldap-session.ts';
import { SearchTurns } from './search-turns.ts';

export const ldapLimits = {
  connections: 500,
  connectionsPerSource: 20,
  messageBytes: 65_536,
  messageBytesBeforeLogin: 8_192,
  idleMs: 300_000,
  loginMs: 30_000,
  /** Of one source within `failureWindowMs`. */
  failedLogins: 10,
  failureWindowMs: 600_000,
  messagesPerSec: 100,
  /** Sources whose failures are remembered. */
  sources: 1_000,
} as const;

export interface LdapServerOptions {
  readonly directory: LdapDirectory;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly tlsPort: number;
  /** PEM; of several kinds of keys, one that a client understands is shown. */
  readonly certificate: { readonly key: string | string[]; readonly cert: string | string[] };
  /** Whom nothing is answered. */
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Failures {
  count: number;
  since: number;
}

export class LdapServer {
  readonly #options: LdapServerOptions;
  readonly #secureContext: SecureContext;
  readonly #servers: Server[] = [];
  readonly #connections = new Set<Socket>();
  readonly #bySource = new Map<string, number>();
  readonly #failures = new Map<string, Failures>();
  readonly #turns: SearchTurns;
  #searches = 0;

  /** Throws when the certificate is none. */
  constructor(options: LdapServerOptions) {
    this.#options = options;
    this.#turns = new SearchTurns(options.clock);
    this.#secureContext = createSecureContext({ ...options.certificate, minVersion: 'TLSv1.2' });
  }

  /** Rejects when a port cannot be had; then nothing is open. */
  async start(): Promise<void> {
    const { addresses, port, tlsPort } = this.#options;
    try {
      for (const address of addresses) {
        await this.#listen(address, port, false);
        await this.#listen(address, tlsPort, true);
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Of the first address. */
  get ports(): { readonly ldap: number; readonly ldaps: number } {
    const [plain, encrypted] = this.#servers;
    return { ldap: portOf(plain), ldaps: portOf(encrypted) };
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  get searchCount(): number {
    return this.#searches;
  }

  async close(): Promise<void> {
    for (const socket of this.#connections) {
      socket.destroy();
    }
    await Promise.all(
      this.#servers.splice(0).map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
          }),
      ),
    );
  }

  async #listen(address: string, port: number, isEncrypted: boolean): Promise<void> {
    const server = createServer((socket) => {
      this.#accept(socket, isEncrypted);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // Beside 0.0.0.0 the socket of :: must leave IPv4 alone.
      const ipv6Only = address === '::' && this.#options.addresses.includes('0.0.0.0');
      server.listen({ port, host: address, ipv6Only }, () => {
        server.off('error', reject);
        server.on('error', (error) => {
          this.#options.logger.warn('An LDAP socket failed', { error: toErrorMessage(error) });
        });
        resolve();
      });
    });
    this.#servers.push(server);
  }

  #accept(socket: Socket, isEncrypted: boolean): void {
    const source = socket.remoteAddress ?? '';
    const ofSource = this.#bySource.get(source) ?? 0;
    if (
      this.#options.turnsAway(source) ||
      this.#connections.size >= ldapLimits.connections ||
      ofSource >= ldapLimits.connectionsPerSource
    ) {
      socket.destroy();
      return;
    }
    this.#connections.add(socket);
    this.#bySource.set(source, ofSource + 1);
    socket.setNoDelay(true);
    socket.on('error', () => {
      // The peer went away: `close` follows.
    });
    const login = this.#options.clock.schedule(ldapLimits.loginMs, () => {
      if (!session.isBound) {
        socket.destroy();
      }
    });
    socket.on('close', () => {
      login.cancel();
      this.#connections.delete(socket);
      const left = (this.#bySource.get(source) ?? 1) - 1;
      if (left === 0) {
        this.#bySource.delete(source);
      } else {
        this.#bySource.set(source, left);
      }
    });
    const session = new LdapSession({
      directory: this.#options.directory,
      hasTls: true,
      isEncrypted,
      mayTry: () => this.#mayTry(source),
      onBind: (isSuccess, name) => {
        this.#noteBind(source, isSuccess, name);
      },
    });
    if (isEncrypted) {
      this.#encrypt(socket, session);
    } else {
      this.#converse(socket, session);
    }
  }

  #encrypt(socket: Socket, session: LdapSession): void {
    const encrypted = new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#secureContext,
    });
    encrypted.on('error', () => {
      // No TLS, or none that we speak.
      socket.destroy();
    });
    encrypted.on('close', () => socket.destroy());
    session.encrypted();
    this.#converse(encrypted, session);
  }

  #converse(socket: Socket, session: LdapSession): void {
    socket.setTimeout(ldapLimits.idleMs, () => socket.destroy());
    let waiting: Buffer = Buffer.alloc(0);
    let isBusy = false;
    let secondStartedMs = 0;
    let messagesThisSecond = 0;
    const onData = (chunk: Buffer): void => {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      void advance();
    };
    const advance = async (): Promise<void> => {
      if (isBusy) {
        return;
      }
      isBusy = true;
      // What comes meanwhile stays in the kernel's buffer, which is bounded.
      socket.pause();
      try {
        for (;;) {
          if (this.#options.turnsAway(socket.remoteAddress ?? '')) {
            socket.destroy();
            return;
          }
          const message = takeMessage(waiting, session.isBound);
          if (message === undefined || socket.destroyed) {
            break;
          }
          waiting = waiting.subarray(message.length);
          const nowMs = this.#options.clock.nowMs();
          if (nowMs - secondStartedMs >= 1_000) {
            secondStartedMs = nowMs;
            messagesThisSecond = 0;
          }
          messagesThisSecond += 1;
          if (messagesThisSecond > ldapLimits.messagesPerSec) {
            socket.end(noticeOfDisconnection({ code: resultCode.busy, message: 'Slower.' }));
            return;
          }
          const request = parseRequest(message);
          const answer = await this.#handle(socket, session, request);
          if (answer.messages.length > 0 && !socket.write(Buffer.concat(answer.messages))) {
            // Who does not read what he asked for is asked nothing more.
            await drained(socket);
          }
          if (answer.then === 'close') {
            socket.end();
            return;
          }
          if (answer.then === 'start-tls') {
            socket.off('data', onData);
            if (waiting.length > 0) {
              // Sent in clear after StartTLS: somebody on the way put it there.
              socket.destroy();
              return;
            }
            this.#encrypt(socket, session);
            return;
          }
        }
        socket.resume();
      } catch (error) {
        this.#fail(socket, error);
      } finally {
        isBusy = false;
      }
    };
    socket.on('data', onData);
  }

  async #handle(
    socket: Socket,
    session: LdapSession,
    request: LdapRequest,
  ): Promise<SessionAnswer> {
    if (request.operation.kind !== 'search') {
      return session.handle(request);
    }
    this.#searches += 1;
    return this.#turns.run(socket.remoteAddress ?? '', () =>
      // Who has gone meanwhile is not searched for.
      socket.destroyed ? Promise.resolve({ messages: [] }) : session.handle(request),
    );
  }

  #fail(socket: Socket, error: unknown): void {
    if (error instanceof LdapError) {
      const { message } = error;
      socket.end(noticeOfDisconnection({ code: resultCode.protocolError, message }));
    } else {
      this.#options.logger.error('An LDAP request failed', { error });
      socket.end(noticeOfDisconnection({ code: resultCode.unavailable }));
    }
    // Whoever sends garbage may not even read the answer.
    this.#options.clock.schedule(1_000, () => socket.destroy());
  }

  #mayTry(source: string): boolean {
    const failures = this.#failures.get(source);
    return (
      failures === undefined ||
      failures.count < ldapLimits.failedLogins ||
      this.#options.clock.nowMs() - failures.since >= ldapLimits.failureWindowMs
    );
  }

  #noteBind(source: string, isSuccess: boolean, name: string): void {
    if (isSuccess) {
      return;
    }
    const { clock, logger } = this.#options;
    const nowMs = clock.nowMs();
    const before = this.#failures.get(source);
    const isFresh = before !== undefined && nowMs - before.since < ldapLimits.failureWindowMs;
    const failures = isFresh ? before : { count: 0, since: nowMs };
    failures.count += 1;
    this.#failures.delete(source);
    this.#failures.set(source, failures);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > ldapLimits.sources && oldest !== undefined) {
      this.#failures.delete(oldest);
    }
    logger.warn('A login at the LDAP server failed', { source, name: name.slice(0, 100) });
  }
}

/** Resolves when the peer has taken what was written, or is gone. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

/** The first whole message, or undefined while bytes are missing. Throws LdapError. */
function takeMessage(waiting: Buffer, isBound: boolean): Buffer | undefined {
  const first = waiting[0];
  if (first !== undefined && first !== tag.sequence) {
    throw new LdapError('malformed', 'this is not LDAP');
  }
  const header = readHeader(waiting);
  const limit = isBound ? ldapLimits.messageBytes : ldapLimits.messageBytesBeforeLogin;
  if (header !== undefined && header.valueBytes > limit) {
    throw new LdapError('too-large', `more than ${String(limit)} bytes`);
  }
  const sizeBytes = header === undefined ? 0 : header.headerBytes + header.valueBytes;
  return header === undefined || waiting.length < sizeBytes
    ? undefined
    : waiting.subarray(0, sizeBytes);
}

function portOf(server: Server | undefined): number {
  return (server?.address() as AddressInfo | null | undefined)?.port ?? 0;
}
