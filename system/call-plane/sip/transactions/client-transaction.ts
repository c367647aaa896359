/** The client's side of a transaction: its user's handlers, the ACK to a failure, and CANCEL. */
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import { createCancel, createFailureAck } from './derived-request.ts';
import type { InviteClientEvent, InviteClientState } from './invite-client.ts';
import type { NonInviteClientEvent, NonInviteClientState } from './non-invite-client.ts';
import type { TransactionRunner, TransactionSide } from './transaction-runner.ts';

/** What the user of a client transaction hears: provisional responses, then one outcome. */
export interface ClientHandlers {
  /**
   * Every provisional response and the final one. Of an INVITE every 2xx: retransmissions, which
   * are to be acknowledged again, and those of other forks (RFC 6026 §7.2).
   */
  response(response: SipResponse): void;
  /** Timer B or F: to be treated as a 408 (RFC 3261 §8.1.3.1). */
  timeout(): void;
  /** To be treated as a 503 (RFC 3261 §8.1.3.1). */
  transportFailure(error: Error): void;
}

/** An INVITE of ours. */
export interface ClientTransaction {
  /**
   * Cancels it (RFC 3261 §9.1): at once when a provisional response has come, otherwise when
   * one comes; never after a final response. The outcome still arrives at the handlers: 487, a 2xx
   * that was under way, or a timeout after 64*T1. `reason`: value of a Reason header field.
   */
  cancel(reason?: string): void;
  /**
   * What is still to come goes to `handlers`. The transaction outlives its call by half a minute:
   * handlers that are needed no longer should not be kept so long.
   */
  handOver(handlers: ClientHandlers): void;
}

export type InviteClientRunner = TransactionRunner<
  InviteClientState,
  InviteClientEvent,
  InviteClientSide
>;
export type NonInviteClientRunner = TransactionRunner<
  NonInviteClientState,
  NonInviteClientEvent,
  NonInviteClientSide
>;

/** Sends the CANCEL as a transaction of its own over the flow of its INVITE. */
export type CancelSender = (cancel: SipRequest) => void;

/** Held by the transaction until timer M or D: of the request it keeps only what it may yet need. */
export class InviteClientSide implements ClientTransaction, TransactionSide {
  readonly #runner: InviteClientRunner;
  readonly #sendCancel: CancelSender;
  #handlers: ClientHandlers;
  #invite: SipRequest | undefined;
  #cancellation: { readonly reason: string | undefined; isSent: boolean } | undefined;

  constructor(
    runner: InviteClientRunner,
    invite: SipRequest,
    handlers: ClientHandlers,
    sendCancel: CancelSender,
  ) {
    this.#runner = runner;
    this.#invite = invite;
    this.#handlers = handlers;
    this.#sendCancel = sendCancel;
  }

  cancel(reason?: string): void {
    this.#cancellation ??= { reason, isSent: false };
    this.#cancelIfProceeding();
  }

  handOver(handlers: ClientHandlers): void {
    this.#handlers = handlers;
  }

  createOwnMessage(received: SipMessage | undefined): SipMessage | undefined {
    return this.#invite !== undefined && received?.kind === 'response'
      ? createFailureAck(this.#invite, received)
      : undefined;
  }

  pass(message: SipMessage): void {
    if (this.#runner.state !== 'proceeding') {
      this.#invite = undefined;
    }
    try {
      passResponse(message, this.#handlers);
    } finally {
      this.#cancelIfProceeding();
    }
  }

  reportTimeout(): void {
    this.#handlers.timeout();
  }

  reportTransportFailure(error: Error): void {
    this.#handlers.transportFailure(error);
  }

  #cancelIfProceeding(): void {
    const cancellation = this.#cancellation;
    if (
      this.#runner.state === 'proceeding' &&
      this.#invite !== undefined &&
      cancellation?.isSent === false
    ) {
      cancellation.isSent = true;
      this.#sendCancel(createCancel(this.#invite, cancellation.reason));
      this.#runner.handle('cancel-sent');
    }
  }
}

export class NonInviteClientSide implements TransactionSide {
  readonly #handlers: ClientHandlers;

  constructor(handlers: ClientHandlers) {
    this.#handlers = handlers;
  }

  pass(message: SipMessage): void {
    passResponse(message, this.#handlers);
  }

  reportTimeout(): void {
    this.#handlers.timeout();
  }

  reportTransportFailure(error: Error): void {
    this.#handlers.transportFailure(error);
  }
}

function passResponse(message: SipMessage, handlers: ClientHandlers): void {
  if (message.kind === 'response') {
    handlers.response(message);
  }
}
