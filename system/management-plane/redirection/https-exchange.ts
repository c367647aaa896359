/**
 * HTTPS requests to redirection services: certificate checked, time and size bounded, no redirection
 * followed. An authority of the administrator's counts beside the public ones.
 */
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import type {
  Exchange,
  ExchangeAnswer,
  ExchangeRequest,
} from '../../../provisioning/redirection/exchange.ts';
import { RedirectionError } from '../../../provisioning/redirection/redirection-error.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';

export interface HttpsExchangeOptions {
  readonly version: string;
  /** PEM. */
  readonly authority: string | undefined;
  /** For the whole exchange; 20 s unless a test says otherwise. */
  readonly timeoutMs?: number | undefined;
  /** Ends every exchange that is under way. */
  readonly signal: AbortSignal;
}

const defaultTimeoutMs = 20_000;
const maximumAnswerBytes = 2_000_000;

export function createHttpsExchange(options: HttpsExchangeOptions): Exchange {
  return (request) => exchange(request, options);
}

function exchange(
  { method, url, headers, body }: ExchangeRequest,
  { version, authority, timeoutMs = defaultTimeoutMs, signal }: HttpsExchangeOptions,
): Promise<ExchangeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ExchangeAnswer>();
  const fail = (error: unknown): void => {
    reject(
      new RedirectionError(
        'unreachable',
        `The service cannot be reached: ${toErrorMessage(error)}.`,
        {
          cause: error,
        },
      ),
    );
  };
  const outgoing = httpsRequest(
    url,
    {
      method,
      headers: {
        'user-agent': `Campanile/${version}`,
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      ...(authority === undefined ? {} : { ca: [...rootCertificates, authority] }),
      minVersion: 'TLSv1.2',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      agent: false,
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > maximumAnswerBytes) {
          outgoing.destroy(new Error('its answer is too long'));
          return;
        }
        chunks.push(chunk);
      });
      incoming.on('error', fail);
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join(', ') : value,
            ]),
          ),
          body: Buffer.concat(chunks, sizeBytes).toString('utf8'),
        });
      });
    },
  );
  outgoing.on('error', fail);
  outgoing.end(body);
  return promise;
}
