/** What the in-dialog operations share: who they work for, and how an offer is answered. */
import type { ServerTransaction } from '../../transactions/server-transaction.ts';
import type { Dialog } from '../dialog.ts';
import type { HeaderLines } from '../../messages/header-fields.ts';
import type { DialogServices } from '../dialog-services.ts';
import type { SessionRefresh } from '../session-refresh.ts';

/** Why a usage cannot go on. After `gone` the peer knows no dialog; after the others a BYE is due. */
export type UsageFailure = 'gone' | 'timeout' | 'ack-missing' | 'session-expired';

/** The usage, as its operations see it. */
export interface ExchangeHost {
  readonly dialog: Dialog;
  readonly services: DialogServices;
  readonly sessionTimer: SessionRefresh;
  /** Nothing of what comes now matters: only acknowledge. */
  readonly isOver: boolean;
  /** Both bodies of a completed offer/answer exchange. */
  agree(local: Buffer | undefined, remote: Buffer | undefined): void;
  /** Our 2xx to this INVITE went out; `acknowledged` is told when its ACK is there. */
  expectAck(
    transaction: ServerTransaction,
    acknowledged: (answer: Buffer | undefined) => void,
  ): void;
  exchangeEnded(exchange: object): void;
  fail(failure: UsageFailure): void;
}

/**
 * A re-INVITE or UPDATE of the peer that changes the session. Exactly one of `accept` and `reject`
 * is called, now or later; calls after the exchange has ended do nothing.
 */
export interface OfferExchange {
  readonly method: 'INVITE' | 'UPDATE';
  /** Undefined: the peer asks us for an offer, and answers it in its ACK (RFC 3261 §14.2). */
  readonly offer: Buffer | undefined;
  /** `body`: our answer; or our offer when there was none, then `answered` gets the peer's answer. */
  accept(body: Buffer, answered?: (answer: Buffer | undefined) => void): void;
  reject(status: number, headers?: HeaderLines): void;
  /** The peer gave up; it has its 487. Nothing is to be accepted any more. */
  onCancel: (() => void) | undefined;
}

/** How an offer of ours, or a request for the peer's offer, ended. */
export interface OfferOutcome {
  /**
   * `body`: the peer's answer; or its offer when we sent none: then `acknowledge` must be called
   * with our answer. In the other case the ACK has been sent.
   */
  accepted(body: Buffer | undefined, acknowledge: (answer: Buffer) => void): void;
  rejected(status: number): void;
}

/** A message without a body has an empty one; here that is no offer and no answer. */
export function emptyToUndefined(body: Buffer): Buffer | undefined {
  return body.length === 0 ? undefined : body;
}
