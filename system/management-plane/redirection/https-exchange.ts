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
  const timeout = AbortSignal.timeout(timeoutMs);
  const { promise, resolve, reject } = Promise.withResolvers<ExchangeAnswer>();
  const fail = (error: unknown): void => {
    reject(new RedirectionError('unreachable', describe(error, url, timeout), { cause: error }));
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
      signal: AbortSignal.any([signal, timeout]),
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

/** What an administrator can do something about, in his words; the rest as the system names it. */
function describe(error: unknown, url: string, timeout: AbortSignal): string {
  const { host, hostname } = new URL(url);
  if (timeout.aborted) {
    return `The service does not answer at ${host}.`;
  }
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOTFOUND':
      return `The name ${hostname} is not known: check the address of the service.`;
    case 'EAI_AGAIN':
      return `The name ${hostname} cannot be looked up: check the DNS servers of the PBX.`;
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}: check the address of the service.`;
    case 'CERT_HAS_EXPIRED':
      return `The certificate of ${host} has expired.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of ${host} is that of another name.`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `No public authority vouches for the certificate of ${host}: an installation of your own needs its authority here.`;
    default:
      return `The service cannot be reached: ${toErrorMessage(error)}.`;
  }
}
