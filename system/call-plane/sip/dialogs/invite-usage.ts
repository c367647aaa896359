/**
 * The use that an INVITE makes of a dialog (RFC 5057): the session, from the first provisional
 * response to the BYE. It receives what the peer asks inside the dialog, decides what SIP itself
 * decides (order, glare, refreshes, unsupported things) and hands the rest to its user.
 */
import { createResponse, type SipRequest, type SipResponse } from '../messages/message.ts';
import type { ServerTransaction } from '../transactions/server-transaction.ts';
import type { Dialog } from './dialog.ts';
import type { HeaderLines } from '../messages/header-fields.ts';
import type { DialogUsage } from './dialog-layer.ts';
import type { DialogServices } from './dialog-services.ts';
import { sendBye } from './in-dialog/bye.ts';
import {
  emptyToUndefined,
  type ExchangeHost,
  type OfferExchange,
  type OfferOutcome,
  type UsageFailure,
} from './in-dialog/exchange.ts';
import { InfoClient, type InfoExchange, receiveInfo } from './in-dialog/info.ts';
import { glareDelayMs, ReInviteClient, ReInviteServer } from './in-dialog/invite.ts';
import { answerOptions } from './in-dialog/options.ts';
import { refuseOffer } from './in-dialog/refuse-offer.ts';
import { UpdateClient, UpdateServer } from './in-dialog/update.ts';
import {
  allowedMethods,
  allowsMethod,
  statusForMethod,
  unsupportedOptions,
} from './own-headers.ts';
import { SessionRefresh, type SessionRefreshUser } from './session-refresh.ts';

export interface InviteUsageUser {
  /** The peer wants to change the session, or asks for an offer. */
  offerReceived(usage: InviteUsage, exchange: OfferExchange): void;
  infoReceived(usage: InviteUsage, exchange: InfoExchange): void;
  /** BYE: the usage is over; the 200 leaves when this returns. */
  byeReceived(usage: InviteUsage, request: SipRequest): void;
  /** The session cannot go on; `hangUp` is due. */
  usageFailed(usage: InviteUsage, failure: UsageFailure): void;
  /** A refresh of ours brought another answer than the last: the peer's media moved. */
  answerChanged(usage: InviteUsage, answer: Buffer): void;
}

interface AwaitedAck {
  readonly transaction: ServerTransaction;
  readonly acknowledged: (answer: Buffer | undefined) => void;
}

type ClientExchange = ReInviteClient | UpdateClient;
type ServerExchange = ReInviteServer | UpdateServer;

export class InviteUsage implements DialogUsage, ExchangeHost, SessionRefreshUser {
  readonly dialog: Dialog;
  readonly services: DialogServices;
  readonly sessionTimer: SessionRefresh;
  /** The early dialog was ended by its caller with BYE instead of CANCEL (RFC 3261 §15). */
  onEarlyBye: (() => void) | undefined;
  readonly #user: InviteUsageUser;
  #clientExchange: ClientExchange | undefined;
  #serverExchange: ServerExchange | undefined;
  #awaitedAck: AwaitedAck | undefined;
  /** The header fields of a BYE that waits for the ACK. */
  #deferredBye: HeaderLines | undefined;
  #localBody: Buffer | undefined;
  #remoteBody: Buffer | undefined;
  #allowsUpdate = false;
  #isOver = false;

  /** `preferredIntervalSec`: of the session timer; 0 when we ask for none. */
  constructor(
    dialog: Dialog,
    services: DialogServices,
    preferredIntervalSec: number,
    user: InviteUsageUser,
  ) {
    this.dialog = dialog;
    this.services = services;
    this.#user = user;
    this.sessionTimer = new SessionRefresh(services.clock, preferredIntervalSec, this);
    services.dialogs.add(this);
  }

  /** Whether an offer can be sent now (RFC 3261 §14.1, RFC 3311 §5.1). */
  get isIdle(): boolean {
    return (
      !this.#isOver &&
      this.dialog.state === 'confirmed' &&
      this.#clientExchange === undefined &&
      this.#serverExchange === undefined &&
      this.#awaitedAck === undefined
    );
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The methods the peer allows, from any message that says so. */
  takeAllow(message: SipRequest | SipResponse): void {
    if (message.headers.has('Allow')) {
      this.#allowsUpdate = allowsMethod(message.headers.getAll('Allow'), 'UPDATE');
    }
  }

  agree(local: Buffer | undefined, remote: Buffer | undefined): void {
    this.#localBody = local;
    this.#remoteBody = remote;
  }

  /**
   * Sends an offer, or (with undefined) asks for one by re-INVITE. False when that is not possible
   * now: the peer's wish that caused it gets a 491.
   */
  sendOffer(
    method: 'INVITE' | 'UPDATE',
    offer: Buffer | undefined,
    outcome: OfferOutcome,
  ): boolean {
    if (!this.isIdle) {
      return false;
    }
    const exchange =
      method === 'UPDATE' && offer !== undefined && this.#allowsUpdate
        ? new UpdateClient(this, offer, outcome)
        : new ReInviteClient(this, offer, outcome);
    this.#clientExchange = exchange;
    exchange.send();
    return true;
  }

  /** The offer that `sendOffer` sent is no longer wanted. */
  cancelOffer(): void {
    if (this.#clientExchange instanceof ReInviteClient) {
      this.#clientExchange.cancel();
    }
  }

  sendInfo(contentType: string, body: Buffer, ended: (status: number) => void): void {
    if (this.#isOver) {
      ended(481);
      return;
    }
    new InfoClient(this, ended).send(contentType, body);
  }

  /**
   * Ends the session with a BYE, which waits for the ACK to our 2xx if that is still missing
   * (RFC 3261 §15). Idempotent.
   */
  hangUp(headers: HeaderLines): void {
    if (this.#isOver) {
      return;
    }
    this.#close();
    if (this.#awaitedAck === undefined) {
      this.services.dialogs.remove(this);
      sendBye(this.dialog, this.services, headers);
    } else {
      this.#deferredBye = headers;
    }
  }

  /** The dialog is over without anything to send: it never was confirmed, or the peer forgot it. */
  discard(): void {
    if (!this.#isOver) {
      this.#close();
      this.services.dialogs.remove(this);
      this.dialog.state = 'terminated';
    }
  }

  handleRequest(request: SipRequest, transaction: ServerTransaction): void {
    const { method } = request;
    if (this.#isOver) {
      this.#handleLateRequest(request, transaction);
      return;
    }
    if (!this.dialog.acceptSequence(request.cseq.sequence)) {
      transaction.respond(createResponse(request, 500, 'CSeq Out Of Order'));
      return;
    }
    const unsupported = method === 'BYE' ? [] : unsupportedOptions(request);
    if (unsupported.length > 0) {
      const headers = [['Unsupported', unsupported.join(', ')]] as const;
      transaction.respond(createResponse(request, 420, undefined, { headers }));
      return;
    }
    switch (method) {
      case 'BYE':
        this.#handleBye(request, transaction);
        return;
      case 'INVITE':
      case 'UPDATE':
        this.#handleOffer(request, transaction);
        return;
      case 'INFO': {
        const exchange = receiveInfo(request, transaction);
        if (exchange !== undefined) {
          this.#user.infoReceived(this, exchange);
        }
        return;
      }
      case 'OPTIONS':
        answerOptions(request, transaction);
        return;
      default: {
        const headers = [['Allow', allowedMethods]] as const;
        transaction.respond(
          createResponse(request, statusForMethod(method), undefined, { headers }),
        );
      }
    }
  }

  handleAck(ack: SipRequest): void {
    const awaited = this.#awaitedAck;
    if (awaited?.transaction.request.cseq.sequence !== ack.cseq.sequence) {
      return;
    }
    this.#awaitedAck = undefined;
    awaited.transaction.acknowledged();
    if (!this.#sendDeferredBye()) {
      awaited.acknowledged(emptyToUndefined(ack.body));
    }
  }

  expectAck(
    transaction: ServerTransaction,
    acknowledged: (answer: Buffer | undefined) => void,
  ): void {
    this.#awaitedAck = { transaction, acknowledged };
    transaction.onAckTimeout = () => {
      if (this.#awaitedAck?.transaction === transaction) {
        this.#awaitedAck = undefined;
        if (!this.#sendDeferredBye()) {
          this.fail('ack-missing');
        }
      }
    };
  }

  exchangeEnded(exchange: object): void {
    if (this.#clientExchange === exchange) {
      this.#clientExchange = undefined;
    }
    if (this.#serverExchange === exchange) {
      this.#serverExchange = undefined;
    }
  }

  fail(failure: UsageFailure): void {
    if (!this.#isOver) {
      this.#user.usageFailed(this, failure);
    }
  }

  refreshSession(): void {
    if (!this.isIdle) {
      this.#retryRefresh();
      return;
    }
    const before = this.#remoteBody;
    const outcome: OfferOutcome = {
      accepted: (answer) => {
        if (answer !== undefined && before !== undefined && !answer.equals(before)) {
          this.#user.answerChanged(this, answer);
        }
      },
      rejected: (status) => {
        if (status === 491) {
          this.#retryRefresh();
        }
      },
    };
    if (this.#allowsUpdate) {
      new UpdateClient(this, undefined, outcome).send();
    } else if (this.#localBody !== undefined) {
      this.sendOffer('INVITE', this.#localBody, outcome);
    }
  }

  sessionExpired(): void {
    this.fail('session-expired');
  }

  #retryRefresh(): void {
    const { random } = this.services;
    this.sessionTimer.retry(glareDelayMs(this.dialog.isCallIdOwner, random));
  }

  #handleBye(request: SipRequest, transaction: ServerTransaction): void {
    if (this.dialog.state === 'early') {
      if (this.onEarlyBye === undefined) {
        // A callee must answer the INVITE instead (RFC 3261 §15).
        transaction.respond(createResponse(request, 481));
        return;
      }
      transaction.respond(createResponse(request, 200));
      this.onEarlyBye();
      return;
    }
    const awaited = this.#awaitedAck;
    this.discard();
    awaited?.transaction.acknowledged();
    this.#user.byeReceived(this, request);
    transaction.respond(createResponse(request, 200));
  }

  /** We have hung up and only wait for the ACK before the BYE: the peer's BYE ends that too. */
  #handleLateRequest(request: SipRequest, transaction: ServerTransaction): void {
    if (request.method !== 'BYE') {
      transaction.respond(createResponse(request, 481));
      return;
    }
    this.#deferredBye = undefined;
    this.#awaitedAck?.transaction.acknowledged();
    this.#awaitedAck = undefined;
    this.services.dialogs.remove(this);
    transaction.respond(createResponse(request, 200));
  }

  #handleOffer(request: SipRequest, transaction: ServerTransaction): void {
    const refusal = refuseOffer(
      request,
      {
        isEarly: this.dialog.state === 'early',
        isCaller: this.dialog.isCallIdOwner,
        isOursOpen: this.#clientExchange !== undefined,
        isTheirsOpen: this.#serverExchange !== undefined,
      },
      this.sessionTimer.findTooSmall(request),
      this.services.random,
    );
    if (refusal !== undefined) {
      transaction.respond(
        createResponse(request, refusal.status, undefined, { headers: refusal.headers }),
      );
      return;
    }
    this.takeAllow(request);
    if (request.method === 'INVITE') {
      // The peer has its 2xx, or it could not have begun again: stop repeating it.
      this.#awaitedAck?.transaction.acknowledged();
      this.#awaitedAck = undefined;
      this.#serve(new ReInviteServer(this, request, transaction));
      return;
    }
    const update = new UpdateServer(this, request, transaction);
    if (update.offer === undefined) {
      update.acceptRefresh();
    } else {
      this.#serve(update);
    }
  }

  /** A repeated offer only refreshes the session: it is answered as before (RFC 3264 §8). */
  #serve(exchange: ServerExchange): void {
    const { offer } = exchange;
    this.#serverExchange = exchange;
    if (
      offer !== undefined &&
      this.#localBody !== undefined &&
      this.#remoteBody?.equals(offer) === true
    ) {
      exchange.accept(this.#localBody);
    } else {
      this.#user.offerReceived(this, exchange);
    }
  }

  /** Whether a BYE had to wait for this ACK. */
  #sendDeferredBye(): boolean {
    const headers = this.#deferredBye;
    if (headers === undefined) {
      return false;
    }
    this.#deferredBye = undefined;
    this.services.dialogs.remove(this);
    sendBye(this.dialog, this.services, headers);
    return true;
  }

  #close(): void {
    this.#isOver = true;
    this.sessionTimer.stop();
    this.cancelOffer();
    this.#serverExchange?.reject(487);
  }
}
