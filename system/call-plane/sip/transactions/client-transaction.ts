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

export interface ClientTransaction {
  /** As it was sent, with our Via. */
  readonly request: SipRequest;
  readonly branch: string;
  /**
   * Cancels an INVITE (RFC 3261 §9.1): at once when a provisional response has come, otherwise when
   * one comes; never after a final response. The outcome still arrives at the handlers: 487, a 2xx
   * that was under way, or a timeout after 64*T1. `reason`: value of a Reason header field.
   */
  cancel(reason?: string): void;
  /**
   * What is still to come goes to `handlers`. The transaction of an INVITE outlives its call by half
   * a minute: handlers that are needed no longer should not be kept so long.
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
export class InviteClientSide implements TransactionSide {
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

  cancel(reason: string | undefined): void {
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

/** What the user holds; the layer does not hold it. */
export class ClientTransactionHandle implements ClientTransaction {
  readonly request: SipRequest;
  readonly branch: string;
  readonly #inviteSide: InviteClientSide | undefined;

  constructor(request: SipRequest, branch: string, inviteSide?: InviteClientSide) {
    this.request = request;
    this.branch = branch;
    this.#inviteSide = inviteSide;
  }

  /** Requests other than INVITE are not cancelled (§9.1): nothing happens. */
  cancel(reason?: string): void {
    this.#inviteSide?.cancel(reason);
  }

  /** Requests other than INVITE end soon enough: nothing happens. */
  handOver(handlers: ClientHandlers): void {
    this.#inviteSide?.handOver(handlers);
  }
}

function passResponse(message: SipMessage, handlers: ClientHandlers): void {
  if (message.kind === 'response') {
    handlers.response(message);
  }
}
