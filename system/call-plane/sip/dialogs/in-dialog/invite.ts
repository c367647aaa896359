/** Re-INVITE (RFC 3261 §14): an offer, or a request for one, inside a confirmed dialog. */
import { createResponse, type SipRequest, type SipResponse } from '../../messages/message.ts';
import type { ClientHandlers, ClientTransaction } from '../../transactions/client-transaction.ts';
import type { ServerTransaction } from '../../transactions/server-transaction.ts';
import type { HeaderLines } from '../../messages/header-fields.ts';
import { targetRefreshHeaders } from '../own-headers.ts';
import { sendAck } from './ack.ts';
import {
  emptyToUndefined,
  type ExchangeHost,
  type OfferExchange,
  type OfferOutcome,
} from './exchange.ts';

/** The peer's re-INVITE. */
export class ReInviteServer implements OfferExchange {
  readonly method = 'INVITE';
  readonly offer: Buffer | undefined;
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
    transaction.onCancel = () => {
      this.#handleCancel();
    };
  }

  accept(body: Buffer, answered?: (answer: Buffer | undefined) => void): void {
    if (this.#isAnswered) {
      return;
    }
    this.#isAnswered = true;
    const host = this.#host;
    const { offer } = this;
    host.dialog.refreshTarget(this.#request);
    const session = host.sessionTimer.answer(this.#request);
    this.#transaction.respond(
      createResponse(this.#request, 200, undefined, {
        headers: targetRefreshHeaders(host.dialog.flow, body, session),
        body,
      }),
    );
    if (offer !== undefined) {
      host.agree(body, offer);
      host.exchangeEnded(this);
    }
    host.expectAck(this.#transaction, (answer) => {
      if (offer === undefined) {
        if (answer !== undefined) {
          host.agree(body, answer);
        }
        host.exchangeEnded(this);
        answered?.(answer);
      }
    });
  }

  reject(status: number, headers: HeaderLines = []): void {
    if (this.#isAnswered) {
      return;
    }
    this.#isAnswered = true;
    this.#transaction.respond(createResponse(this.#request, status, undefined, { headers }));
    this.#host.exchangeEnded(this);
  }

  #handleCancel(): void {
    if (!this.#isAnswered) {
      this.reject(487);
      this.onCancel?.();
    }
  }
}

/** A re-INVITE of ours. */
export class ReInviteClient implements ClientHandlers {
  readonly #host: ExchangeHost;
  readonly #offer: Buffer | undefined;
  readonly #outcome: OfferOutcome;
  #transaction: ClientTransaction | undefined;
  #sequence = 0;
  #isOver = false;
  /** The ACK went out: retransmissions of the 2xx get the same again (§13.2.2.4). */
  #acknowledgement: { readonly answer: Buffer | undefined } | undefined;

  constructor(host: ExchangeHost, offer: Buffer | undefined, outcome: OfferOutcome) {
    this.#host = host;
    this.#offer = offer;
    this.#outcome = outcome;
  }

  send(): void {
    const { dialog, services } = this.#host;
    const request = dialog.createRequest(
      'INVITE',
      targetRefreshHeaders(dialog.flow, this.#offer, this.#host.sessionTimer.requestHeaders()),
      this.#offer,
    );
    this.#sequence = request.cseq.sequence;
    this.#transaction = services.transactions.invite(request, dialog.flow, this);
  }

  /** The session ends or the peer that wanted this gave up. */
  cancel(): void {
    this.#transaction?.cancel();
  }

  response(response: SipResponse): void {
    if (response.status < 200) {
      return;
    }
    if (response.status < 300) {
      this.#handleSuccess(response);
      return;
    }
    if (response.status === 422 && this.#host.sessionTimer.enlarge(response)) {
      this.send();
      return;
    }
    this.#reject(response.status);
    if (response.status === 481 || response.status === 408) {
      this.#host.fail(response.status === 481 ? 'gone' : 'timeout');
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
    if (this.#isOver) {
      if (this.#acknowledgement !== undefined) {
        this.#sendAck(this.#acknowledgement.answer);
      }
      return;
    }
    this.#isOver = true;
    const host = this.#host;
    if (host.isOver) {
      this.#sendAck(undefined);
      return;
    }
    const remote = emptyToUndefined(response.body);
    host.dialog.refreshTarget(response);
    host.sessionTimer.take(response);
    if (this.#offer === undefined) {
      this.#outcome.accepted(remote, (answer) => {
        host.agree(answer, remote);
        host.exchangeEnded(this);
        this.#sendAck(answer);
      });
      return;
    }
    this.#sendAck(undefined);
    host.agree(this.#offer, remote);
    host.exchangeEnded(this);
    this.#outcome.accepted(remote, () => undefined);
  }

  #sendAck(answer: Buffer | undefined): void {
    this.#acknowledgement ??= { answer };
    sendAck(this.#host, this.#sequence, answer);
  }

  #reject(status: number): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#host.exchangeEnded(this);
      this.#outcome.rejected(status);
    }
  }
}

/** How long to wait before trying again after a 491 (§14.1): 2.1–4 s or 0–2 s, in steps of 10 ms. */
export function glareDelayMs(isCallIdOwner: boolean, random: () => number): number {
  return isCallIdOwner ? 2_100 + Math.floor(random() * 191) * 10 : Math.floor(random() * 201) * 10;
}
