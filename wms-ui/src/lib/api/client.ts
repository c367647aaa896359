/**
 * The one way to the HTTP API: JSON both ways, the CSRF token on unsafe methods, entity tags and
 * revision numbers of the answers, failures as `ApiError`. Knows no resource.
 */
import { serializeQuery } from '../router/query.ts';
import { ApiError, toApiError } from './problem.ts';

export type QueryParameters = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: QueryParameters;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with this content type. */
  readonly text?: { readonly content: string; readonly type: string };
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
  /** Its answer replaces the session: what was sent with the old one is sent again. */
  readonly isRenewal?: boolean;
  /** Begins, ends or looks for a session: where there is none, only the caller is told. */
  readonly isAboutSession?: boolean;
}

export interface ApiReply<Data> {
  readonly data: Data;
  /** Version of the entity, for `ifMatch` of the next change. */
  readonly etag: string | undefined;
  /** The revision this change made; undefined when it made none. */
  readonly revision: number | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const basePath = '/api/v1';

export class ApiClient {
  #csrfToken = '';
  /** How often the session was replaced, and the replacement that is under way. */
  #renewals = 0;
  #renewal: Promise<unknown> | undefined;
  #revive: () => Promise<boolean> = async () => Promise.resolve(false);

  /**
   * Called whenever the server no longer knows the session. Resolves with true when the same account
   * has another one: what was refused is sent again.
   */
  set onSessionEnded(revive: () => Promise<boolean>) {
    this.#revive = revive;
  }

  /** For requests that go another way, such as uploads with progress. */
  get csrfToken(): string {
    return this.#csrfToken;
  }

  set csrfToken(token: string) {
    this.#csrfToken = token;
  }

  async get<Data>(path: string, options: RequestOptions = {}): Promise<Data> {
    return (await this.request<Data>('GET', path, options)).data;
  }

  async post<Data>(path: string, body?: unknown, options: RequestOptions = {}): Promise<Data> {
    return (await this.request<Data>('POST', path, { ...options, body })).data;
  }

  /** Throws `ApiError`; an aborted request throws the browser's `AbortError`. */
  async request<Data>(
    method: Method,
    path: string,
    options: RequestOptions = {},
  ): Promise<ApiReply<Data>> {
    if (options.isRenewal !== true) {
      return this.#request(method, path, options);
    }
    const renewal = this.#request<Data>(method, path, options);
    this.#renewal = renewal.catch(() => undefined);
    const reply = await renewal;
    this.#renewals += 1;
    return reply;
  }

  async #request<Data>(
    method: Method,
    path: string,
    options: RequestOptions,
  ): Promise<ApiReply<Data>> {
    const renewals = this.#renewals;
    const response = await this.#send(method, path, options);
    const body = await readBody(response);
    if (!response.ok) {
      const error = toApiError(response.status, body, response.headers.get('retry-after'));
      if (isWithoutSession(error) && options.isAboutSession !== true) {
        const isRenewed = options.isRenewal !== true && (await this.#isRenewedSince(renewals));
        if (isRenewed || (await this.#reviveSession(options.signal))) {
          return this.#request(method, path, options);
        }
      }
      throw error;
    }
    const etag = response.headers.get('etag') ?? undefined;
    return { data: body as Data, etag, revision: revisionOf(method, etag, options) };
  }

  /** A file of the API for the user to keep. */
  async download(path: string, query: QueryParameters = {}): Promise<Blob> {
    const response = await this.#send('GET', path, { query });
    if (!response.ok) {
      const error = toApiError(response.status, await readBody(response), null);
      if (await this.mayRepeat(error)) {
        return this.download(path, query);
      }
      throw error;
    }
    return response.blob();
  }

  /**
   * Whether what was refused may be sent again, for requests that go another way: waits for another
   * session where there is none any more. Rejects with the browser's `AbortError`.
   */
  async mayRepeat(error: ApiError, signal?: AbortSignal): Promise<boolean> {
    return isWithoutSession(error) && this.#reviveSession(signal);
  }

  async #reviveSession(signal: AbortSignal | undefined): Promise<boolean> {
    const isRevived = await untilAborted(this.#revive(), signal);
    if (isRevived) {
      this.#renewals += 1;
    }
    return isRevived;
  }

  /** Whether a refused request was sent with a session that has been replaced meanwhile. */
  async #isRenewedSince(renewals: number): Promise<boolean> {
    await this.#renewal;
    return this.#renewals !== renewals;
  }

  async #send(method: Method, path: string, options: RequestOptions): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (method !== 'GET' && this.#csrfToken !== '') {
      headers['x-csrf-token'] = this.#csrfToken;
    }
    if (options.ifMatch !== undefined) {
      headers['if-match'] = options.ifMatch;
    }
    const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
    if (options.text !== undefined) {
      headers['content-type'] = options.text.type;
      init.body = options.text.content;
    } else if (options.body !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }
    if (options.signal !== undefined) {
      init.signal = options.signal;
    }
    try {
      return await fetch(`${basePath}${path}${serializeQuery(options.query ?? {})}`, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') {
        throw error;
      }
      throw new ApiError({ status: 0, code: 'unreachable', detail: '' });
    }
  }
}

/** A wrong password is a 401 as well, and says nothing about the session. */
function isWithoutSession({ status, code }: ApiError): boolean {
  return status === 401 && code !== 'wrong-credentials';
}

async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) {
    return promise;
  }
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => {
    reject(new DOMException('The request was stopped.', 'AbortError'));
  };
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * A change of one entity answers with its new version, which is the number of the revision; the same
 * version as before means that nothing changed.
 */
function revisionOf(
  method: Method,
  etag: string | undefined,
  options: RequestOptions,
): number | undefined {
  if (method === 'GET' || (etag !== undefined && etag === options.ifMatch)) {
    return undefined;
  }
  const text = etag?.replaceAll(/[^0-9]/g, '') ?? '';
  const revision = Number.parseInt(text, 10);
  return Number.isNaN(revision) ? undefined : revision;
}

async function readBody(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status === 204) {
    return undefined;
  }
  try {
    return type.includes('json') ? await response.json() : await response.text();
  } catch {
    // A body cut off on its way is as good as none; the status still says what happened.
    return undefined;
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

export const api = new ApiClient();
