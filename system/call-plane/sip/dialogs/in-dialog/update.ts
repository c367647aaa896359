/** UPDATE (RFC 3311): an offer or a session refresh without the three-way handshake of INVITE. */
import { createResponse, type SipRequest, type SipResponse } from '../../messages/message.ts';
import type { ClientHandlers } from '../../transactions/client-transaction.ts';
import type { ServerTransaction } from '../../transactions/server-transaction.ts';
import type { HeaderLines } from '../../messages/header-fields.ts';
import { targetRefreshHeaders } from '../own-headers.ts';
import {
  emptyToUndefined,
  type ExchangeHost,
  type OfferExchange,
  type OfferOutcome,
} from './exchange.ts';

/** The peer's UPDATE. One without a body is answered by `acceptRefresh`. */
export class UpdateServer implements OfferExchange {
  readonly method = 'UPDATE';
  readonly offer: Buffer | undefined;
  /** An UPDATE cannot be cancelled; nobody calls this. */
  onCancel: (() => void) | undefined;
  readonly #host: ExchangeHost;
  readonly #request: SipRequest;
  readonly #transaction: ServerTransaction;
  #isAnswered = false;

  constructor(host: ExchangeHost, request: SipRequest, transaction: ServerTransaction) {
    this.#host = host;
    this.#request = request;
    this.#transaction = transaction;
    this.offer = emptyToUndefined(request.body);
  }

  accept(body: Buffer): void {
    if (!this.#isAnswered) {
      this.#respond(body);
      this.#host.agree(body, this.offer);
      this.#host.exchangeEnded(this);
    }
  }

  /** Nothing was offered: only the remote target and the session timer are refreshed. */
  acceptRefresh(): void {
    this.#respond(undefined);
  }

  reject(status: number, headers: HeaderLines = []): void {
    if (!this.#isAnswered) {
      this.#isAnswered = true;
      this.#transaction.respond(createResponse(this.#request, status, undefined, { headers }));
      this.#host.exchangeEnded(this);
    }
  }

  #respond(body: Buffer | undefined): void {
    this.#isAnswered = true;
    const { dialog } = this.#host;
    dialog.refreshTarget(this.#request);
    const session = this.#host.sessionTimer.answer(this.#request);
    this.#transaction.respond(
      createResponse(this.#request, 200, undefined, {
        headers: targetRefreshHeaders(dialog.flow, body, session),
        ...(body === undefined ? {} : { body }),
      }),
    );
  }
}

/** An UPDATE of ours. Without an offer it is a session refresh. */
export class UpdateClient implements ClientHandlers {
  readonly #host: ExchangeHost;
  readonly #offer: Buffer | undefined;
  readonly #outcome: OfferOutcome;
  #isOver = false;

  constructor(host: ExchangeHost, offer: Buffer | undefined, outcome: OfferOutcome) {
    this.#host = host;
    this.#offer = offer;
    this.#outcome = outcome;
  }

  send(): void {
    const { dialog, services } = this.#host;
    const request = dialog.createRequest(
      'UPDATE',
      targetRefreshHeaders(dialog.flow, this.#offer, this.#host.sessionTimer.requestHeaders()),
      this.#offer,
    );
    services.transactions.request(request, dialog.flow, this);
  }

  response(response: SipResponse): void {
    const { status } = response;
    if (status < 200 || this.#isOver) {
      return;
    }
    if (status < 300) {
      this.#handleSuccess(response);
    } else if (status === 422 && this.#host.sessionTimer.enlarge(response)) {
      this.send();
    } else {
      this.#reject(status);
      if (status === 481 || status === 408) {
        this.#host.fail(status === 481 ? 'gone' : 'timeout');
      }
    }
  }

  timeout(): void {
    this.#reject(408);
    this.#host.fail('timeout');
  }

  transportFailure(): void {
    this.#reject(503);
    this.#host.fail('timeout');
  }

  #handleSuccess(response: SipResponse): void {
    this.#isOver = true;
    if (this.#host.isOver) {
      return;
    }
    this.#host.dialog.refreshTarget(response);
    this.#host.sessionTimer.take(response);
    const remote = emptyToUndefined(response.body);
    if (this.#offer !== undefined) {
      this.#host.agree(this.#offer, remote);
    }
    this.#host.exchangeEnded(this);
    this.#outcome.accepted(remote, () => undefined);
  }

  #reject(status: number): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#host.exchangeEnded(this);
      this.#outcome.rejected(status);
    }
  }
}
