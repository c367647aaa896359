/**
 * The websocket `/api/v1/events`: one way, from us to the client. Who may connect is decided before
 * the handshake; a connection ends with its session, and when the client does not keep up.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../../../foundation/logger.ts';
import { readBearerToken } from '../middleware/authentication.ts';
import type { Authenticator, Identity } from '../request/identity.ts';
import { isOwnOrigin } from '../request/origin.ts';
import { isPermitted } from '../permission.ts';
import { readSessionCookie } from '../request/session-cookie.ts';
import type { HintHub } from './hint-hub.ts';

export const eventsPath = '/api/v1/events';

/** RFC 6455 §7.4.2: 4000 and above are ours. */
const sessionEndedCode = 4401;
const tooSlowCode = 4408;
const goingAwayCode = 1001;

/** Clients have nothing to say here. */
const maxMessageBytes = 1_024;
/** Unsent bytes of one client: some hundred hints. */
const maxBufferedBytes = 65_536;
const maxConnections = 1_000;

export interface EventSocketOptions {
  readonly authenticator: Authenticator;
  readonly hub: HintHub;
  readonly logger: Logger;
  /** How often connections are pinged and their sessions looked at, in ms. Default 20,000. */
  readonly checkEveryMs?: number;
}

interface Connection {
  readonly socket: WebSocket;
  readonly identity: Identity;
  readonly secret: string;
  readonly leave: () => void;
  isAnswering: boolean;
}

export class EventSocket {
  readonly #options: EventSocketOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #connections = new Set<Connection>();
  readonly #checking: NodeJS.Timeout;

  constructor(options: EventSocketOptions) {
    this.#options = options;
    this.#checking = setInterval(() => {
      void this.#checkAll();
    }, options.checkEveryMs ?? 20_000);
    this.#checking.unref();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** For the `upgrade` event of the HTTPS servers. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => {
      socket.destroy();
    });
    this.#admit(request, socket, head).catch((error: unknown) => {
      this.#options.logger.error('A websocket could not be opened', { error });
      refuse(socket, 500);
    });
  };

  /** Ends the connections of a session that was logged out. */
  endSession(sessionToken: string): void {
    for (const connection of this.#connections) {
      if (connection.secret === sessionToken) {
        connection.socket.close(sessionEndedCode, 'The session ended.');
      }
    }
  }

  close(): void {
    clearInterval(this.#checking);
    for (const { socket, leave } of this.#connections) {
      leave();
      socket.close(goingAwayCode);
      socket.terminate();
    }
    this.#server.close();
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (request.url?.split('?', 1)[0] !== eventsPath) {
      refuse(socket, 404);
      return;
    }
    const token = readBearerToken(request.headers.authorization);
    const cookie = readSessionCookie(request.headers.cookie);
    const { authenticator } = this.#options;
    let identity: Identity | undefined;
    if (token !== undefined) {
      identity = await authenticator.identityOfToken(token);
    } else if (cookie !== undefined) {
      // Browsers send cookies with websockets of any site: the Origin is what tells them apart.
      if (request.headers.origin === undefined || !isOwnOrigin(request.headers)) {
        refuse(socket, 403);
        return;
      }
      identity = await authenticator.identityOfSession(cookie);
    }
    const secret = token ?? cookie;
    if (identity === undefined || secret === undefined) {
      refuse(socket, 401);
      return;
    }
    if (identity.mustChangePassword || !isPermitted(identity.actor.role, 'events.own')) {
      refuse(socket, 403);
      return;
    }
    if (this.#connections.size >= maxConnections) {
      refuse(socket, 503);
      return;
    }
    const account = identity;
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      this.#open(opened, account, secret);
    });
  }

  #open(socket: WebSocket, identity: Identity, secret: string): void {
    const leave = this.#options.hub.add({
      role: identity.actor.role,
      send: (text) => {
        if (socket.bufferedAmount > maxBufferedBytes) {
          this.#options.logger.info('A websocket client is too slow; its connection ends', {
            userId: identity.actor.userId,
          });
          socket.close(tooSlowCode, 'Too slow.');
          socket.terminate();
          return;
        }
        socket.send(text);
      },
    });
    const connection: Connection = { socket, identity, secret, leave, isAnswering: true };
    this.#connections.add(connection);
    socket.on('pong', () => {
      connection.isAnswering = true;
    });
    socket.on('error', (error) => {
      this.#options.logger.debug('A websocket failed', { error });
    });
    socket.on('close', () => {
      leave();
      this.#connections.delete(connection);
    });
  }

  async #checkAll(): Promise<void> {
    for (const connection of this.#connections) {
      if (!connection.isAnswering) {
        connection.socket.terminate();
        continue;
      }
      connection.isAnswering = false;
      connection.socket.ping();
      try {
        if (!(await this.#isStillAllowed(connection))) {
          connection.socket.close(sessionEndedCode, 'The session ended.');
        }
      } catch (error) {
        this.#options.logger.warn('A session could not be checked', { error });
      }
    }
  }

  async #isStillAllowed({ identity, secret }: Connection): Promise<boolean> {
    const { authenticator } = this.#options;
    return identity.kind === 'session'
      ? authenticator.isSessionAlive(secret)
      : (await authenticator.identityOfToken(secret)) !== undefined;
  }
}

function refuse(socket: Duplex, status: number): void {
  const reason = STATUS_CODES[status] ?? '';
  socket.end(
    `HTTP/1.1 ${String(status)} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}
