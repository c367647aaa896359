/** The server's side of a transaction: how its user answers, and what the user is told. */
import type { Logger } from '../../../foundation/logger.ts';
import type { HeaderLines } from '../messages/header-fields.ts';
import {
  createResponse,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../messages/message.ts';
import type { Flow } from '../transport.ts';
import type { InviteServerEvent, InviteServerState } from './invite-server.ts';
import type { NonInviteServerEvent, NonInviteServerState } from './non-invite-server.ts';
import type { TransactionRunner, TransactionSide } from './transaction-runner.ts';

export interface ServerTransaction {
  /** With `received` and `rport` in its top Via. */
  readonly request: SipRequest;
  /** The flow that the request came over. */
  readonly flow: Flow;
  /**
   * Sends a response made from `request` with `createResponse`. After a final response any other is
   * discarded. A failure of an INVITE is repeated until its ACK, as is a 2xx (§13.3.1.4).
   */
  respond(response: SipResponse): void;
  /** The dialog has received the ACK to its 2xx: no further retransmission. */
  acknowledged(): void;
  /** A CANCEL has come in time and was answered 200: what is due now is a 487 (§9.2). */
  onCancel?: (() => void) | undefined;
  /** No ACK for 64*T1 after the final response: of a 2xx, a BYE is due (§13.3.1.4). */
  onAckTimeout?: (() => void) | undefined;
}

/** The user of the layer. It must answer every request that it is handed. */
export interface TransactionUser {
  /**
   * Whether a new request has to show credentials first: the header fields of its 401, or undefined.
   * The 401 goes out without a transaction (RFC 3261 §8.2.7), so that strangers cost no memory; a
   * repetition of the request gets one of its own. Asked before anything is kept, never for ACK and
   * CANCEL. Left out: nothing is challenged.
   */
  challenge?(request: SipRequest, flow: Flow): HeaderLines | undefined;
  /** Every new request but ACK and CANCEL. What it throws is answered with a 500. */
  handleRequest(request: SipRequest, transaction: ServerTransaction, flow: Flow): void;
  /** An ACK to a 2xx, or to nothing. */
  handleAck(ack: SipRequest, flow: Flow): void;
}

export type InviteServerRunner = TransactionRunner<
  InviteServerState,
  InviteServerEvent,
  InviteServerSide
>;
export type NonInviteServerRunner = TransactionRunner<
  NonInviteServerState,
  NonInviteServerEvent,
  NonInviteServerSide
>;

/** What every server transaction has of its layer. */
export interface ServerEnvironment {
  readonly user: TransactionUser;
  readonly logger: Logger;
  readonly createTag: () => string;
}

export class InviteServerSide implements ServerTransaction, TransactionSide {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #runner: InviteServerRunner;
  readonly #environment: ServerEnvironment;
  #toTag: string | undefined;
  onCancel?: (() => void) | undefined;
  onAckTimeout?: (() => void) | undefined;

  constructor(
    runner: InviteServerRunner,
    request: SipRequest,
    flow: Flow,
    environment: ServerEnvironment,
  ) {
    this.#runner = runner;
    this.request = request;
    this.flow = flow;
    this.#environment = environment;
  }

  /** The tag that responses so far had in To: a CANCEL's 200 should have the same (§9.2). */
  get toTag(): string | undefined {
    return this.#toTag;
  }

  respond(response: SipResponse): void {
    this.#toTag ??= response.to.parameters.get('tag');
    if (response.status < 200) {
      this.#runner.handle('respond-provisional', response);
    } else if (response.status < 300) {
      this.#runner.handle('respond-success', response);
    } else {
      this.#runner.handle('respond-failure', response);
    }
  }

  acknowledged(): void {
    this.#runner.handle('acknowledged');
  }

  /** A CANCEL has no effect on a transaction with a final response (§9.2). */
  cancelled(): void {
    if (this.#runner.state === 'proceeding') {
      this.onCancel?.();
    }
  }

  createOwnMessage(): SipMessage {
    return createResponse(this.request, 100);
  }

  pass(message: SipMessage): void {
    if (message.kind !== 'request') {
      return;
    }
    if (message.method === 'ACK') {
      this.#environment.user.handleAck(message, this.flow);
    } else {
      passRequest(message, this, this.#environment);
    }
  }

  reportTimeout(): void {
    this.onAckTimeout?.();
  }

  /** A lost response ends nothing: the client asks again, or timer H or L ends the wait. */
  reportTransportFailure(error: Error): void {
    logLostResponse(this.#environment.logger, this.request, error);
  }
}

export class NonInviteServerSide implements ServerTransaction, TransactionSide {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #runner: NonInviteServerRunner;
  readonly #environment: ServerEnvironment;

  constructor(
    runner: NonInviteServerRunner,
    request: SipRequest,
    flow: Flow,
    environment: ServerEnvironment,
  ) {
    this.#runner = runner;
    this.request = request;
    this.flow = flow;
    this.#environment = environment;
  }

  respond(response: SipResponse): void {
    this.#runner.handle(response.status < 200 ? 'respond-provisional' : 'respond-final', response);
  }

  acknowledged(): void {
    // Only an INVITE is acknowledged.
  }

  pass(message: SipMessage): void {
    if (message.kind === 'request') {
      passRequest(message, this, this.#environment);
    }
  }

  reportTimeout(): void {
    // A non-INVITE server transaction waits for nothing of the client.
  }

  reportTransportFailure(error: Error): void {
    logLostResponse(this.#environment.logger, this.request, error);
  }
}

/** A user that throws before it has answered leaves the answer to us. */
function passRequest(
  request: SipRequest,
  transaction: ServerTransaction,
  environment: ServerEnvironment,
): void {
  try {
    environment.user.handleRequest(request, transaction, transaction.flow);
  } catch (error) {
    transaction.respond(
      createResponse(request, 500, undefined, { toTag: environment.createTag() }),
    );
    throw error;
  }
}

function logLostResponse(logger: Logger, request: SipRequest, error: Error): void {
  if (logger.isDebugEnabled()) {
    logger.debug('a response did not leave', {
      method: request.method,
      callId: request.callId,
      error: error.message,
    });
  }
}
