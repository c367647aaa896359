/**
 * The other side of a redirection service: an HTTPS server that answers as recorded in
 * test/fixtures/redirection, and only who proves by signature or password that the account is his. The
 * proofs are computed here a second time, from the descriptions of the services.
 */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RedirectionServiceName } from '../../../system/configuration/entities/redirection-service.ts';
import type { MadeCertificate } from '../programs/certificate-maker.ts';

interface Exchange {
  /** Method and path without query. */
  readonly request: string;
  /** JSON of the request; `%URL%` is any address of provisioning. */
  readonly body?: unknown;
  readonly contains?: string;
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly type?: string;
}

export interface Recording {
  readonly path: string;
  readonly account: Readonly<Record<string, string>>;
  readonly mac: string;
  readonly serial?: string;
  readonly exchanges: readonly Exchange[];
  readonly refusal: Exchange & { readonly error: string };
}

interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function readRecording(service: RedirectionServiceName): Recording {
  const path = join(import.meta.dirname, '../../fixtures/redirection', `${service}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Recording;
}

const urlPattern = 'https://[^"<]+?/prov/[0-9a-f]{40}/';

export class RedirectionPeer {
  readonly recording: Recording;
  readonly received: Received[] = [];
  /** Answers in front of the recorded ones, for the next requests. */
  readonly instead: Exchange[] = [];
  /** Addresses that it was told for devices. */
  readonly addresses: string[] = [];
  readonly #service: RedirectionServiceName;
  readonly #server: Server;
  #port = 0;

  static async start(
    service: RedirectionServiceName,
    certificate: MadeCertificate,
  ): Promise<RedirectionPeer> {
    const peer = new RedirectionPeer(service, certificate);
    await new Promise<void>((resolve) => peer.#server.listen(0, '127.0.0.1', resolve));
    peer.#port = (peer.#server.address() as AddressInfo).port;
    return peer;
  }

  private constructor(service: RedirectionServiceName, certificate: MadeCertificate) {
    this.#service = service;
    this.recording = readRecording(service);
    this.#server = createServer(
      { key: readFileSync(certificate.keyFile), cert: certificate.certificate },
      (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const received = {
            method: request.method ?? '',
            url: new URL(request.url ?? '', this.#origin),
            headers: request.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          };
          this.received.push(received);
          const exchange = this.#answer(received);
          const text =
            exchange.text ?? (exchange.json === undefined ? '' : JSON.stringify(exchange.json));
          response.writeHead(exchange.status ?? 200, {
            'content-type': exchange.type ?? 'application/json',
          });
          response.end(text.replaceAll('%ORIGIN%', this.#origin));
        });
      },
    );
  }

  get address(): string {
    return `${this.#origin}${this.recording.path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #origin(): string {
    return `https://localhost:${String(this.#port)}`;
  }

  #answer(received: Received): Exchange {
    if (!this.#isAuthentic(received)) {
      return { request: '', status: 401, json: { detail: 'Who are you?' } };
    }
    const name = `${received.method} ${received.url.pathname}`;
    const [first] = this.instead;
    if (first !== undefined && (first.request === name || first.request === '')) {
      this.instead.shift();
      return first;
    }
    const found = this.recording.exchanges.find(
      (exchange) => exchange.request === name && isAsRecorded(exchange, received.body),
    );
    const address = new RegExp(urlPattern).exec(received.body)?.[0];
    if (address !== undefined) {
      this.addresses.push(address);
    }
    return found ?? { request: name, status: 400, json: { detail: 'Not as recorded' } };
  }

  #isAuthentic(received: Received): boolean {
    const { account } = this.recording;
    const { authorization = '' } = received.headers;
    const basic = (user = '', password = ''): string =>
      `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    switch (this.#service) {
      case 'yealink-rps':
        return authorization === basic(account['account'], account['password']);
      case 'yealink-ymcs': {
        const { timestamp, nonce } = received.headers;
        const isFresh = Math.abs(Number(timestamp) - Date.now()) < 60_000;
        const expected =
          received.url.pathname === '/v2/token'
            ? basic(account['clientId'], account['clientSecret'])
            : 'Bearer ymcs-token-1';
        return isFresh && /^[0-9a-f]{32}$/.test(String(nonce)) && authorization === expected;
      }
      case 'snom-sraps':
        return isHawk(received, account['clientId'] ?? '', account['clientSecret'] ?? '');
      case 'grandstream-gaps': {
        const expected = createHmac('sha1', account['clientSecret'] ?? '')
          .update(`${received.body}1762000000`)
          .digest('hex');
        const { searchParams } = received.url;
        return (
          received.method === 'GET' ||
          (searchParams.get('sig') === expected && searchParams.get('time') === '1762000000')
        );
      }
      case 'grandstream-gdms':
        return received.url.pathname.endsWith('/oauth/token')
          ? isGdmsLogin(received, account)
          : isGdmsSigned(received, account);
      case 'portal':
        return authorization === `Bearer ${account['clientSecret'] ?? ''}`;
    }
  }
}

/** Hawk 1: what the header field claims, computed again. */
function isHawk({ method, url, headers, body }: Received, id: string, key: string): boolean {
  const fields = Object.fromEntries(
    [...(headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  ) as Record<string, string>;
  const type = headers['content-type'] ?? '';
  const hash = createHash('sha256').update(`hawk.1.payload\n${type}\n${body}\n`).digest('base64');
  const text = `hawk.1.header\n${fields['ts'] ?? ''}\n${fields['nonce'] ?? ''}\n${method}\n${url.pathname}${url.search}\nlocalhost\n${url.port}\n${hash}\n\n`;
  const mac = createHmac('sha256', key).update(text).digest('base64');
  return (
    fields['id'] === id &&
    fields['hash'] === hash &&
    fields['mac'] === mac &&
    Math.abs(Number(fields['ts']) * 1000 - Date.now()) < 60_000
  );
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function isGdmsLogin({ body }: Received, account: Readonly<Record<string, string>>): boolean {
  const form = new URLSearchParams(body);
  const password = sha256(
    createHash('md5')
      .update(account['password'] ?? '')
      .digest('hex'),
  );
  return (
    form.get('grant_type') === 'password' &&
    form.get('username') === account['account'] &&
    form.get('password') === password &&
    form.get('client_id') === account['clientId'] &&
    form.get('client_secret') === account['clientSecret']
  );
}

function isGdmsSigned({ url, body }: Received, account: Readonly<Record<string, string>>): boolean {
  const { signature, ...sent } = Object.fromEntries(url.searchParams) as Record<string, string>;
  if ('client_id' in sent || 'client_secret' in sent || sent['access_token'] !== 'gdms-token-1') {
    return false;
  }
  const signed: Record<string, string> = {
    ...sent,
    client_id: account['clientId'] ?? '',
    client_secret: account['clientSecret'] ?? '',
  };
  const joined = Object.entries(signed)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return signature === sha256(`&${joined}&${body === '' ? '' : `${sha256(body)}&`}`);
}

function isAsRecorded({ body, contains }: Exchange, received: string): boolean {
  if (contains !== undefined) {
    return toPattern(contains).test(received);
  }
  if (body === undefined) {
    return true;
  }
  return new RegExp(`^${toPattern(JSON.stringify(body)).source}$`).test(
    JSON.stringify(JSON.parse(received)),
  );
}

function toPattern(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%URL%', urlPattern));
}
