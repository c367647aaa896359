/** A program's view of the HTTP API of a daemon under test, with its certificate checked. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { TestDaemon } from '../daemon/daemon.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed when it is JSON, otherwise the text. */
  readonly body: unknown;
}

export const testAdminPassword = 'Campanile-Test-2026!';

/** Speaks as a browser does: cookie and CSRF token. */
export class ApiClient {
  readonly #daemon: Pick<TestDaemon, 'httpsUrl' | 'dataDirectory'>;
  readonly #certificate: string;
  readonly #localAddress: string | undefined;
  #cookie = '';
  #csrfToken = '';

  /** `localAddress`: the loopback address that it comes from. */
  constructor(daemon: Pick<TestDaemon, 'httpsUrl' | 'dataDirectory'>, localAddress?: string) {
    this.#daemon = daemon;
    this.#localAddress = localAddress;
    this.#certificate = readFileSync(join(daemon.dataDirectory, 'tls/certificate.pem'), 'utf8');
  }

  /** For a websocket beside it: the Cookie header. */
  get cookie(): string {
    return this.#cookie;
  }

  /** For a request that this client cannot send, such as half an upload. */
  get browserHeaders(): Readonly<Record<string, string>> {
    return { cookie: this.#cookie, 'x-csrf-token': this.#csrfToken, origin: this.#daemon.httpsUrl };
  }

  /** Logs in; throws on any other answer than success. */
  async login(login: string, password: string): Promise<ApiAnswer> {
    const answer = await this.send('POST', '/session', { login, password });
    if (answer.status !== 200) {
      throw new Error(`Login answered ${String(answer.status)}: ${JSON.stringify(answer.body)}`);
    }
    return answer;
  }

  /** The first steps of every installation: factory password in, own password set. */
  async firstLogin(): Promise<void> {
    await this.login('admin', 'wildix');
    await this.expect(200, 'POST', '/session/password', {
      currentPassword: 'wildix',
      newPassword: testAdminPassword,
    });
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer> {
    const isText = typeof body === 'string';
    const isBinary = Buffer.isBuffer(body);
    const payload =
      body === undefined ? undefined : isText || isBinary ? body : JSON.stringify(body);
    const type = isText ? 'text/csv' : isBinary ? 'application/octet-stream' : 'application/json';
    const answer = await new Promise<ApiAnswer>((done, fail) => {
      const outgoing = request(
        `${this.#daemon.httpsUrl}/api/v1${path}`,
        {
          method,
          ca: this.#certificate,
          ...(this.#localAddress === undefined ? {} : { localAddress: this.#localAddress }),
          headers: {
            ...(payload === undefined ? {} : { 'content-type': type }),
            ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
            ...(this.#csrfToken === '' ? {} : { 'x-csrf-token': this.#csrfToken }),
            origin: this.#daemon.httpsUrl,
            ...headers,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const isJson = incoming.headers['content-type']?.includes('json') === true;
            done({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: isJson && text !== '' ? JSON.parse(text) : text,
            });
          });
        },
      );
      outgoing.on('error', fail);
      outgoing.end(payload);
    });
    this.#remember(answer);
    return answer;
  }

  /** The body of an answer that must have this status. */
  async expect(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const answer = await this.send(method, path, body, headers);
    if (answer.status !== status) {
      throw new Error(
        `${method} ${path} answered ${String(answer.status)}, not ${String(status)}: ${JSON.stringify(answer.body)}`,
      );
    }
    return answer.body;
  }

  #remember(answer: ApiAnswer): void {
    const cookie = answer.headers['set-cookie']?.[0];
    if (typeof cookie === 'string') {
      this.#cookie = cookie.split(';', 1)[0] ?? '';
    }
    const { body } = answer;
    if (typeof body === 'object' && body !== null && 'csrfToken' in body) {
      this.#csrfToken = String(body.csrfToken);
    }
  }
}
