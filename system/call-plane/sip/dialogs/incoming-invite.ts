/**
 * The UAS side of an INVITE that begins a call (RFC 3261 §13.3): provisional responses, the final
 * one, CANCEL, and the usage of the dialog that they create. Reliable provisional responses
 * (RFC 3262) are not offered, so the answer counts only in the 2xx.
 */
import type { Timer } from '../../../foundation/clock.ts';
import { createResponse, type SipRequest } from '../messages/message.ts';
import type { ServerTransaction } from '../transactions/server-transaction.ts';
import { createUasDialog } from './dialog.ts';
import type { HeaderLines } from '../messages/header-fields.ts';
import type { DialogServices } from './dialog-services.ts';
import { emptyToUndefined } from './in-dialog/exchange.ts';
import { InviteUsage, type InviteUsageUser } from './invite-usage.ts';
import { targetRefreshHeaders } from './own-headers.ts';

export interface IncomingInviteUser extends InviteUsageUser {
  /** The caller gave up before the answer, or would wait no longer (Expires); it has its 487. */
  inviteCancelled(): void;
  /** The ACK is there. `answer`: the caller's, when the offer was ours. */
  inviteAcknowledged(answer: Buffer | undefined): void;
}

export interface IncomingInviteOptions {
  readonly request: SipRequest;
  readonly transaction: ServerTransaction;
  /** Who the caller authenticated as. */
  readonly account: string;
  /** Of the session timer; 0: we ask for none. */
  readonly sessionIntervalSec: number;
}

/** Nothing rings longer; timers of Node end at 24 days. */
const longestExpirySec = 86_400;

export class IncomingInvite {
  readonly #services: DialogServices;
  readonly #user: IncomingInviteUser;
  /** Until the final response: then nothing of the request is kept. */
  #open: IncomingInviteOptions | undefined;
  #tag: string;
  #usage: InviteUsage | undefined;
  /** Runs while there is no final response (RFC 3261 §13.3.1, step 1). */
  readonly #expiry: Timer | undefined;

  /** The request must have a Contact. */
  constructor(services: DialogServices, options: IncomingInviteOptions, user: IncomingInviteUser) {
    this.#services = services;
    this.#open = options;
    this.#user = user;
    this.#tag = services.createTag();
    options.transaction.onCancel = () => {
      this.#handleCancel();
    };
    const { expiresSec } = options.request;
    this.#expiry =
      expiresSec === undefined
        ? undefined
        : services.clock.schedule(Math.min(expiresSec, longestExpirySec) * 1000, () => {
            this.#handleCancel();
          });
  }

  /** The usage of the dialog; undefined before the first response that has a tag. */
  get usage(): InviteUsage | undefined {
    return this.#usage;
  }

  /** 100: stops the caller's retransmissions at once. */
  sendTrying(): void {
    if (this.#open !== undefined) {
      this.#open.transaction.respond(createResponse(this.#open.request, 100));
    }
  }

  /** 101 to 199; `body` is early media's answer, which the 2xx repeats. */
  sendProgress(status: number, body?: Buffer): void {
    if (this.#open === undefined) {
      return;
    }
    const { request, transaction } = this.#open;
    this.#usage ??= this.#createUsage(this.#open);
    transaction.respond(
      createResponse(request, status, undefined, {
        toTag: this.#tag,
        headers: targetRefreshHeaders(transaction.flow, body, []),
        ...(body === undefined ? {} : { body }),
      }),
    );
  }

  /**
   * 200. `body`: the answer, or our offer. `isOtherAnswer`: provisional responses told the caller
   * another answer, of a phone that lost; a dialog takes only one (RFC 3261 §13.2.1), so this
   * becomes a second dialog, as when a proxy forks. Undefined: the INVITE has its final response.
   */
  accept(body: Buffer, isOtherAnswer: boolean): InviteUsage | undefined {
    if (this.#open === undefined) {
      return undefined;
    }
    if (isOtherAnswer) {
      this.#usage?.discard();
      this.#usage = undefined;
      this.#tag = this.#services.createTag();
    }
    const { request, transaction } = this.#open;
    const usage = (this.#usage ??= this.#createUsage(this.#open));
    // Without one the caller leaves the offer to us (RFC 3261 §13.2.1).
    const offer = emptyToUndefined(request.body);
    this.#open = undefined;
    this.#expiry?.cancel();
    usage.onEarlyBye = undefined;
    usage.dialog.state = 'confirmed';
    const session = usage.sessionTimer.answer(request);
    if (offer !== undefined) {
      usage.agree(body, offer);
    }
    usage.expectAck(transaction, (answer) => {
      if (offer === undefined) {
        usage.agree(body, answer);
      }
      this.#user.inviteAcknowledged(offer === undefined ? answer : undefined);
    });
    transaction.respond(
      createResponse(request, 200, undefined, {
        toTag: this.#tag,
        headers: targetRefreshHeaders(transaction.flow, body, session),
        body,
      }),
    );
    return usage;
  }

  /** 300 to 699. */
  reject(status: number, reason: string | undefined, headers: HeaderLines): void {
    if (this.#open === undefined) {
      return;
    }
    const { request, transaction } = this.#open;
    this.#open = undefined;
    this.#expiry?.cancel();
    this.#usage?.discard();
    transaction.respond(createResponse(request, status, reason, { toTag: this.#tag, headers }));
  }

  #createUsage(options: IncomingInviteOptions): InviteUsage {
    const { request, transaction, account, sessionIntervalSec } = options;
    const dialog = createUasDialog(request, this.#tag, transaction.flow, account);
    if (dialog === undefined) {
      throw new Error('an INVITE without Contact cannot create a dialog');
    }
    const usage = new InviteUsage(dialog, this.#services, sessionIntervalSec, this.#user);
    usage.takeAllow(request);
    usage.onEarlyBye = () => {
      this.#handleCancel();
    };
    return usage;
  }

  #handleCancel(): void {
    if (this.#open !== undefined) {
      this.reject(487, undefined, []);
      this.#user.inviteCancelled();
    }
  }
}
