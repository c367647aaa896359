/**
 * The sockets of the web: HTTPS with everything, and HTTP that only leads to it (UI-001, SEC-006),
 * except for devices that fetch their files.
 * One server per listening address; the certificate is given, and replaced only by a restart.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, toErrorMessage } from '../../../foundation/app-error.ts';
import { answerClientError } from './client-error.ts';
import { redirectToHttps } from './redirect-to-https.ts';
import { shareConnections } from '../../share-connections.ts';
import type { TlsCertificate } from '../../tls-certificate.ts';

/** `cannot-listen`: a port is taken or needs rights that the process does not have. */
export class ApiServerError extends AppError<'cannot-listen'> {}

export interface ApiServerOptions {
  readonly addresses: readonly string[];
  /** 0 lets the system choose, the same for all addresses. */
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly certificate: TlsCertificate;
  readonly handle: RequestListener;
  /** Who is turned away before a byte is read. */
  readonly isDenied: (address: string) => boolean;
  /** Takes requests of devices, on both ports; says whether it did. */
  readonly takeDeviceRequest: (
    request: IncomingMessage,
    response: ServerResponse,
    isEncrypted: boolean,
  ) => boolean;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** What the loopback health check on HTTP answers. */
  readonly healthState: () => string;
}

/** Time for a request's header and for all of it: slow senders do not hold sockets for ever. */
const handshakeTimeoutMs = 15_000;
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 120_000;
/** For a firmware image over a slow line; its handler ends it when nothing comes for a minute. */
const uploadTimeoutMs = 3_600_000;
const uploadPath = /^\/api\/v1\/firmware\/files\b/;
const keepAliveTimeoutMs = 15_000;
const maxHeaderBytes = 16_384;
const maxConnections = 2_000;
/** How long open answers may take when the server closes. */
const closeGraceMs = 1_000;

export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #servers: Server[] = [];
  #httpsPort = 0;
  #httpPort = 0;

  constructor(options: ApiServerOptions) {
    this.#options = options;
  }

  get httpsPort(): number {
    return this.#httpsPort;
  }

  get httpPort(): number {
    return this.#httpPort;
  }

  /** Rejects with ApiServerError; what listened already is closed again. */
  async start(): Promise<void> {
    const { addresses } = this.#options;
    this.#httpsPort = this.#options.httpsPort;
    this.#httpPort = this.#options.httpPort;
    try {
      for (const address of addresses) {
        this.#httpsPort = await this.#listen(this.#createHttps(), address, this.#httpsPort);
        this.#httpPort = await this.#listen(this.#createHttp(), address, this.#httpPort);
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Idempotent: no new connections; answers under way get a moment, then their sockets end. */
  async close(): Promise<void> {
    const servers = this.#servers.splice(0);
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
            server.closeIdleConnections();
            setTimeout(() => {
              server.closeAllConnections();
            }, closeGraceMs).unref();
          }),
      ),
    );
  }

  #createHttps(): Server {
    const { certificate, handle, takeDeviceRequest, upgrade } = this.#options;
    const server = createHttpsServer(
      {
        key: certificate.keys,
        cert: certificate.certificates,
        minVersion: 'TLSv1.2',
        // A device that speaks HTTP/1.0 may say so: an offer that fits nothing ends the handshake (RFC 7301 §3.2).
        ALPNProtocols: ['http/1.1', 'http/1.0'],
        maxHeaderSize: maxHeaderBytes,
        handshakeTimeout: handshakeTimeoutMs,
      },
      (request, response) => {
        if (!this.#turnsAway(request.socket) && !takeDeviceRequest(request, response, true)) {
          handle(request, response);
        }
      },
    );
    server.on('upgrade', upgrade);
    return server;
  }

  #createHttp(): Server {
    return createHttpServer({ maxHeaderSize: maxHeaderBytes }, (request, response) => {
      const { takeDeviceRequest } = this.#options;
      if (!this.#turnsAway(request.socket) && !takeDeviceRequest(request, response, false)) {
        redirectToHttps(request, response, this.#httpsPort, this.#options.healthState);
      }
    });
  }

  /** At the first byte, and again with each request: the filter may have changed since. */
  #turnsAway(socket: Socket): boolean {
    const isDenied = this.#options.isDenied(socket.remoteAddress ?? '');
    if (isDenied) {
      socket.destroy();
    }
    return isDenied;
  }

  async #listen(server: Server, address: string, port: number): Promise<number> {
    server.headersTimeout = headersTimeoutMs;
    server.requestTimeout = uploadTimeoutMs;
    server.on('request', limitTime);
    server.keepAliveTimeout = keepAliveTimeoutMs;
    shareConnections(server, maxConnections);
    server.on('clientError', answerClientError);
    server.prependListener('connection', (socket: Socket) => {
      this.#turnsAway(socket);
    });
    this.#servers.push(server);
    const { addresses } = this.#options;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(
          // Beside 0.0.0.0 the socket of :: must leave IPv4 alone.
          { host: address, port, ipv6Only: address === '::' && addresses.includes('0.0.0.0') },
          () => {
            server.removeListener('error', reject);
            resolve();
          },
        );
      });
    } catch (error) {
      throw new ApiServerError(
        'cannot-listen',
        `The web cannot listen on ${address} port ${String(port)}: ${toErrorMessage(error)}`,
        { cause: error, details: { address, port } },
      );
    }
    return (server.address() as AddressInfo).port;
  }
}

/** A body that comes too slowly ends the connection; Node's own limit is the one for uploads. */
function limitTime(request: IncomingMessage): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || uploadPath.test(request.url ?? '')) {
    return;
  }
  const timer = setTimeout(() => {
    request.destroy();
  }, requestTimeoutMs).unref();
  request.once('close', () => {
    clearTimeout(timer);
  });
}
