/** INFO (RFC 6086, legacy usage): DTMF digits and the like, handed to the other side of the call. */
import { createResponse, type SipRequest, type SipResponse } from '../../messages/message.ts';
import type { ClientHandlers } from '../../transactions/client-transaction.ts';
import type { ServerTransaction } from '../../transactions/server-transaction.ts';
import type { HeaderLines } from '../../messages/header-fields.ts';
import type { ExchangeHost } from './exchange.ts';

/** Bodies that are understood and may pass; none carries anything but digits or a picture request. */
const relayedTypes: ReadonlySet<string> = new Set([
  'application/dtmf-relay',
  'application/dtmf',
  'application/media_control+xml',
]);
const acceptHeader: HeaderLines = [['Accept', [...relayedTypes].join(', ')]];

/** An INFO of the peer that asks to be passed on: answered once, by `accept` or `reject`. */
export interface InfoExchange {
  readonly contentType: string;
  readonly body: Buffer;
  accept(): void;
  reject(status: number): void;
}

/**
 * Answers what need not be passed on and returns the rest. §4.2.2: an info package that was never
 * agreed on gets 469; an INFO without a body is a sign of life.
 */
export function receiveInfo(
  request: SipRequest,
  transaction: ServerTransaction,
): InfoExchange | undefined {
  const { contentType, body } = request;
  if (request.headers.has('Info-Package')) {
    transaction.respond(createResponse(request, 469, undefined, { headers: [['Recv-Info', '']] }));
    return undefined;
  }
  if (body.length === 0) {
    transaction.respond(createResponse(request, 200));
    return undefined;
  }
  if (contentType === undefined || !relayedTypes.has(contentType)) {
    transaction.respond(createResponse(request, 415, undefined, { headers: acceptHeader }));
    return undefined;
  }
  return {
    contentType,
    body,
    accept: () => {
      transaction.respond(createResponse(request, 200));
    },
    reject: (status) => {
      transaction.respond(createResponse(request, status));
    },
  };
}

/** Sends an INFO; `ended` gets the final status, 408 when none came. */
export class InfoClient implements ClientHandlers {
  readonly #host: ExchangeHost;
  readonly #ended: (status: number) => void;

  constructor(host: ExchangeHost, ended: (status: number) => void) {
    this.#host = host;
    this.#ended = ended;
  }

  send(contentType: string, body: Buffer): void {
    const { dialog, services } = this.#host;
    const request = dialog.createRequest('INFO', [['Content-Type', contentType]], body);
    services.transactions.request(request, dialog.flow, this);
  }

  response(response: SipResponse): void {
    if (response.status >= 200) {
      this.#ended(response.status);
      if (response.status === 481 || response.status === 408) {
        this.#host.fail(response.status === 481 ? 'gone' : 'timeout');
      }
    }
  }

  timeout(): void {
    this.#ended(408);
    this.#host.fail('timeout');
  }

  transportFailure(): void {
    this.#ended(503);
  }
}
