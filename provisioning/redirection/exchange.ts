/** One HTTPS request and its answer, as connectors see them: the sockets are the shell's. */
import { RedirectionError } from './redirection-error.ts';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** Follows no redirection, checks the certificate. Rejects with RedirectionError `unreachable`. */
export type Exchange = (request: ExchangeRequest) => Promise<ExchangeAnswer>;

const maximumRetryAfterSec = 86_400;

/** Throws RedirectionError for what HTTP itself says; 404 and 4xx about one device are the caller's. */
export function requireAnswer(answer: ExchangeAnswer): ExchangeAnswer {
  const { status, headers } = answer;
  if (status === 401 || status === 403) {
    throw new RedirectionError('refused', 'The service does not accept user name and password.');
  }
  if (status === 429) {
    const given = Number(headers['retry-after'] ?? '');
    const retryAfterSec =
      Number.isFinite(given) && given > 0 ? Math.min(given, maximumRetryAfterSec) : 60;
    throw new RedirectionError('throttled', 'The service was asked too often.', {
      details: { retryAfterSec },
    });
  }
  if (status >= 500) {
    throw new RedirectionError(
      'unreachable',
      `The service has trouble (status ${String(status)}).`,
    );
  }
  if (status >= 300 && status < 400) {
    throw new RedirectionError('unreadable', 'The service is at another address now.');
  }
  return answer;
}

/** The body of a request and its header fields; nothing for a request without a body. */
export function jsonBody(body: unknown): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
} {
  return body === undefined
    ? { headers: {} }
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Whether the device is registered now, or is no more, as `PUT` or `DELETE` asked for. */
export function isDone({ status }: ExchangeAnswer, method: 'PUT' | 'DELETE'): boolean {
  return status < 300 || (method === 'DELETE' && status === 404);
}

/** A JSON object or array. Throws RedirectionError `unreadable`. */
export function readJson(answer: ExchangeAnswer): unknown {
  try {
    const value: unknown = JSON.parse(answer.body);
    if (typeof value === 'object' && value !== null) {
      return value;
    }
  } catch {
    // Told below, together with what is JSON but no object.
  }
  throw new RedirectionError(
    'unreadable',
    'The service answered something that is not understood.',
  );
}

/** A field of an object out of an answer; undefined for anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** One line for people out of whatever a service writes. */
export function toSentence(text: unknown, otherwise: string): string {
  const line = (typeof text === 'string' ? text : '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200);
  return line === '' ? otherwise : line;
}
