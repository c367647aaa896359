/**
 * One device's page for one administrator: a port of its own, so that the page has an origin of its own,
 * opened by a ticket that is good once.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import { createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { TlsCertificate } from '../../tls-certificate.ts';
import { turnAwayAtConnection, withoutTurnedAway } from '../turn-away.ts';
import { CookieJar, parseCookies } from './cookie-jar.ts';
import {
  readRedirect,
  ticketPath,
  toBrowserHeaders,
  toDeviceHeaders,
  type DeviceOrigin,
} from './proxy-headers.ts';

export interface ConnectSessionOptions {
  readonly mac: string;
  readonly device: DeviceOrigin;
  readonly addresses: readonly string[];
  /** 0: whatever is free. */
  readonly port: number;
  readonly certificate: TlsCertificate;
  readonly turnsAway: TurnsAway;
  readonly logger: Logger;
}

const maximumConnections = 64;
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 300_000;
const deviceTimeoutMs = 30_000;
const maximumRequestBytes = 100_000_000;
const ticketLifetimeMs = 60_000;

export class ConnectSession {
  readonly #options: ConnectSessionOptions;
  readonly #servers: Server[] = [];
  readonly #jar = new CookieJar();
  readonly #secret = randomBytes(24).toString('base64url');
  #ticket: { readonly text: string; readonly untilMs: number } | undefined;
  #device: DeviceOrigin;
  #port = 0;

  constructor(options: ConnectSessionOptions) {
    this.#options = options;
    this.#device = options.device;
  }

  get port(): number {
    return this.#port;
  }

  /** Rejects when no port can be had. */
  async start(): Promise<void> {
    const { addresses, certificate, turnsAway, port } = this.#options;
    this.#port = port;
    try {
      for (const address of addresses) {
        const server = createServer(
          {
            key: certificate.keys,
            cert: certificate.certificates,
            minVersion: 'TLSv1.2',
            maxHeaderSize: 16_384,
          },
          withoutTurnedAway(turnsAway, (request, response) => {
            this.#handle(request, response);
          }),
        );
        turnAwayAtConnection(server, turnsAway);
        server.headersTimeout = headersTimeoutMs;
        server.requestTimeout = requestTimeoutMs;
        server.maxConnections = maximumConnections;
        server.on('upgrade', (_request, socket) => socket.destroy());
        this.#servers.push(server);
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          const ipv6Only = address === '::' && addresses.includes('0.0.0.0');
          server.listen({ host: address, port: this.#port, ipv6Only }, resolve);
        });
        this.#port = (server.address() as AddressInfo).port;
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Path and query with which a browser comes in, once, within a minute. */
  issueTicket(): string {
    const text = randomBytes(24).toString('base64url');
    this.#ticket = { text, untilMs: performance.now() + ticketLifetimeMs };
    return `${ticketPath}?ticket=${text}`;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.splice(0).map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
            server.closeAllConnections();
          }),
      ),
    );
  }

  get #cookieName(): string {
    return `__Host-campanile-connect-${String(this.#port)}`;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    if (url.startsWith(`${ticketPath}?`)) {
      this.#letIn(new URLSearchParams(url.slice(ticketPath.length + 1)), request, response);
      return;
    }
    const shown = parseCookies(request.headers.cookie).find(([name]) => name === this.#cookieName);
    if (shown === undefined || !isEqual(shown[1], this.#secret)) {
      refuse(response, 403, 'Open the page of the device from WMS again.');
      return;
    }
    if (request.headers['service-worker'] !== undefined || !url.startsWith('/')) {
      refuse(response, 403, 'This is not passed on to the device.');
      return;
    }
    const site = request.headers['sec-fetch-site'];
    if (site === 'cross-site' || site === 'same-site') {
      // Only a person who follows a link comes from elsewhere, and then to look.
      const isVisit = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
      if (!isVisit) {
        refuse(response, 403, 'Only pages of the device itself may ask this.');
        return;
      }
    }
    this.#pass(request, response, url);
  }

  #letIn(query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    const ticket = this.#ticket;
    const isGood =
      ticket !== undefined &&
      ticket.untilMs > performance.now() &&
      isEqual(query.get('ticket') ?? '', ticket.text);
    if (!isGood) {
      refuse(response, 403, 'Open the page of the device from WMS again.');
      return;
    }
    this.#ticket = undefined;
    this.#jar.noteForeign(request.headers.cookie);
    response.writeHead(303, {
      location: '/',
      'set-cookie': `${this.#cookieName}=${this.#secret}; Path=/; HttpOnly; Secure; SameSite=Strict`,
      // What another device left on this port.
      'clear-site-data': '"cache", "storage"',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end();
  }

  #pass(request: IncomingMessage, response: ServerResponse, url: string): void {
    const { scheme, address } = this.#device;
    const cookie = this.#jar.toDevice(url, request.headers.cookie);
    const options: RequestOptions = {
      host: address,
      port: scheme === 'https' ? 443 : 80,
      method: request.method,
      path: url,
      headers: toDeviceHeaders(request.headers, this.#device, cookie),
      timeout: deviceTimeoutMs,
      agent: false,
      // Many devices have servers that answer a little wrong.
      insecureHTTPParser: true,
    };
    const outgoing =
      scheme === 'https'
        ? // The certificate of a phone's page is its own; its address is what was looked up.
          httpsRequest({ ...options, rejectUnauthorized: false, minVersion: 'TLSv1' })
        : httpRequest(options);
    outgoing.on('response', (incoming) => {
      this.#passBack(incoming, response, url);
    });
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.destroy();
      refuse(response, 502, 'The device answers what is no HTTP.');
    });
    outgoing.on('timeout', () => {
      outgoing.destroy(new Error('it does not answer'));
    });
    outgoing.on('error', (error) => {
      this.#options.logger.debug('A device does not answer Connect', { error });
      if (response.headersSent) {
        response.destroy();
      } else {
        refuse(response, 502, 'The device does not answer.');
      }
    });
    response.on('close', () => outgoing.destroy());
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maximumRequestBytes) {
        outgoing.destroy(new Error('the request is too long'));
      }
    });
    request.pipe(outgoing);
  }

  #passBack(incoming: IncomingMessage, response: ServerResponse, url: string): void {
    const { statusCode = 0 } = incoming;
    if (statusCode < 200 || statusCode > 599) {
      incoming.resume();
      refuse(response, 502, 'The device answers what is no HTTP.');
      return;
    }
    const redirect = readRedirect(incoming.headers.location, this.#device, url);
    if (redirect.kind === 'elsewhere') {
      incoming.resume();
      refuse(response, 502, `The device leads to ${redirect.host}, which is not opened here.`);
      return;
    }
    if (redirect.kind === 'here' && redirect.scheme !== this.#device.scheme) {
      this.#device = { ...this.#device, scheme: redirect.scheme };
    }
    const cookies = this.#jar.toBrowser(incoming.headers['set-cookie'] ?? []);
    const location = redirect.kind === 'here' ? redirect.location : undefined;
    response.writeHead(statusCode, toBrowserHeaders(incoming.headers, cookies, location));
    incoming.on('error', () => response.destroy());
    incoming.pipe(response);
  }
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  });
  response.end(`${sentence}\n`);
}

function isEqual(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
