/**
 * The UAC side of an INVITE that begins a call (RFC 3261 §13.2): its early dialogs (a proxy on the
 * way may fork) and the first 2xx. What comes too late is for `late-answers.ts`.
 */
import { createRequest, type SipRequest, type SipResponse } from '../messages/message.ts';
import type { NameAddr } from '../messages/name-addr.ts';
import type { Uri } from '../messages/uri.ts';
import type { ClientHandlers, ClientTransaction } from '../transactions/client-transaction.ts';
import type { Flow } from '../transport.ts';
import { createUacDialog, type Dialog, tagOf } from './dialog.ts';
import type { HeaderLines } from '../messages/header-fields.ts';
import type { DialogServices } from './dialog-services.ts';
import { sendAck } from './in-dialog/ack.ts';
import { emptyToUndefined } from './in-dialog/exchange.ts';
import { InviteUsage, type InviteUsageUser } from './invite-usage.ts';
import { LateAnswers, maxForks } from './late-answers.ts';
import { targetRefreshHeaders } from './own-headers.ts';
import {
  intervalAfter422,
  sessionTimerRequestHeaders,
  smallestIntervalSec,
  timerFromResponse,
} from './session-timer.ts';

export interface OutgoingInviteUser extends InviteUsageUser {
  /** 101 to 199. `body`: an early answer. `dialogTag` tells the forks apart. */
  inviteProgressed(status: number, body: Buffer | undefined, dialogTag: string): void;
  /** The first 2xx; `acknowledge` is due. `body`: the answer, or the offer when we sent none. */
  inviteAnswered(usage: InviteUsage, body: Buffer | undefined, dialogTag: string): void;
  /** 300 to 699; 408 and 503 also when nothing came or nothing could be sent. */
  inviteFailed(status: number, response: SipResponse | undefined): void;
}

export interface OutgoingInviteOptions {
  readonly requestUri: Uri;
  /** Without tag. */
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly flow: Flow;
  /** Who is called; its later requests from elsewhere have to authenticate as this. */
  readonly account: string | undefined;
  readonly maxForwards: number;
  readonly sessionIntervalSec: number;
  /** More header fields of the INVITE. */
  readonly headers: HeaderLines;
  /** The Reason for a second phone that answers behind a forking proxy. */
  readonly otherForkHeaders: HeaderLines;
}

type State = 'calling' | 'answered' | 'over';

export class OutgoingInvite implements ClientHandlers {
  readonly callId: string;
  readonly #services: DialogServices;
  readonly #options: OutgoingInviteOptions;
  readonly #user: OutgoingInviteUser;
  readonly #from: NameAddr;
  #state: State = 'calling';
  #sequence = 0;
  #offer: Buffer | undefined;
  #intervalSec: number;
  #minIntervalSec = smallestIntervalSec;
  #request: SipRequest | undefined;
  #transaction: ClientTransaction | undefined;
  #early: InviteUsage[] = [];
  #usage: InviteUsage | undefined;
  #remoteBody: Buffer | undefined;
  #isAcknowledged = false;
  #answer: Buffer | undefined;
  #late: LateAnswers | undefined;

  constructor(
    services: DialogServices,
    callId: string,
    options: OutgoingInviteOptions,
    user: OutgoingInviteUser,
  ) {
    this.callId = callId;
    this.#services = services;
    this.#options = options;
    this.#user = user;
    this.#intervalSec = options.sessionIntervalSec;
    this.#from = { ...options.from, parameters: new Map([['tag', services.createTag()]]) };
  }

  /** Sends the INVITE; without `offer` the callee is asked for one. */
  send(offer: Buffer | undefined): void {
    const { requestUri, to, flow, maxForwards, headers } = this.#options;
    this.#offer = offer;
    this.#sequence += 1;
    const session = sessionTimerRequestHeaders(this.#intervalSec, this.#minIntervalSec);
    const request = createRequest({
      method: 'INVITE',
      requestUri,
      from: this.#from,
      to,
      callId: this.callId,
      cseq: this.#sequence,
      maxForwards,
      headers: targetRefreshHeaders(flow, offer, [...session, ...headers]),
      ...(offer === undefined ? {} : { body: offer }),
    });
    this.#request = request;
    this.#transaction = this.#services.transactions.invite(request, flow, this);
  }

  /** Sends the ACK to the 2xx; `answer` when that brought the offer. */
  acknowledge(answer?: Buffer): void {
    const usage = this.#usage;
    if (usage === undefined || this.#isAcknowledged) {
      return;
    }
    this.#isAcknowledged = true;
    this.#answer = answer;
    usage.agree(this.#offer ?? answer, this.#remoteBody);
    this.#offer = undefined;
    this.#remoteBody = undefined;
    sendAck(usage, this.#sequence, answer);
  }

  /**
   * Ends the call in whatever state it is: CANCEL before the answer, BYE after. `headers` holds the
   * Reason; of a CANCEL only its value is sent. An answer that crosses the CANCEL gets the BYE.
   */
  hangUp(headers: HeaderLines): void {
    switch (this.#state) {
      case 'calling':
        // Also before `send`: then there is nothing to cancel.
        this.#state = 'over';
        this.#discardEarly();
        this.#transaction?.cancel(headers.find(([name]) => name === 'Reason')?.[1]);
        this.#letGo(headers);
        return;
      case 'answered':
        this.acknowledge();
        this.#usage?.hangUp(headers);
        this.#state = 'over';
        this.#letGo(headers);
        return;
      case 'over':
        return;
    }
  }

  response(response: SipResponse): void {
    const { status } = response;
    if (status < 200) {
      this.#handleProvisional(response);
    } else if (status < 300) {
      this.#handleSuccess(response);
    } else {
      this.#handleFailure(status, response);
    }
  }

  timeout(): void {
    this.#handleFailure(408, undefined);
  }

  transportFailure(): void {
    this.#handleFailure(503, undefined);
  }

  #handleProvisional(response: SipResponse): void {
    const tag = tagOf(response.to);
    if (this.#state !== 'calling' || response.status === 100) {
      return;
    }
    if (tag !== '' && this.#early.length < maxForks) {
      this.#takeEarly(response, tag);
    }
    this.#user.inviteProgressed(response.status, emptyToUndefined(response.body), tag);
  }

  #handleSuccess(response: SipResponse): void {
    const tag = tagOf(response.to);
    if (this.#usage?.dialog.remoteTag === tag) {
      if (this.#isAcknowledged) {
        sendAck(this.#usage, this.#sequence, this.#answer);
      }
      return;
    }
    if (this.#state !== 'calling') {
      this.#late ??= this.#createLateAnswers(this.#options.otherForkHeaders);
      this.#late.response(response);
      return;
    }
    const usage = this.#takeEarly(response, tag);
    this.#early = this.#early.filter((early) => early !== usage);
    this.#discardEarly();
    this.#state = 'answered';
    this.#request = undefined;
    this.#usage = usage;
    usage.dialog.confirmFrom(response);
    usage.takeAllow(response);
    usage.sessionTimer.arm(timerFromResponse(response.headers, this.#intervalSec));
    this.#remoteBody = emptyToUndefined(response.body);
    this.#user.inviteAnswered(usage, this.#remoteBody, tag);
  }

  #handleFailure(status: number, response: SipResponse | undefined): void {
    if (this.#state !== 'calling') {
      return;
    }
    const intervalSec =
      status === 422 && response !== undefined
        ? intervalAfter422(response.headers, this.#intervalSec)
        : undefined;
    if (intervalSec !== undefined && this.#intervalSec !== 0) {
      this.#intervalSec = intervalSec;
      this.#minIntervalSec = intervalSec;
      this.send(this.#offer);
      return;
    }
    this.#state = 'over';
    this.#discardEarly();
    this.#user.inviteFailed(status, response);
  }

  /** The early dialog of that tag, made when it is new (§12.1.2). */
  #takeEarly(response: SipResponse, tag: string): InviteUsage {
    let usage = this.#early.find(({ dialog }) => dialog.remoteTag === tag);
    if (usage === undefined) {
      const { sessionIntervalSec } = this.#options;
      usage = new InviteUsage(
        this.#createDialog(response),
        this.#services,
        sessionIntervalSec,
        this.#user,
      );
      this.#early.push(usage);
    }
    return usage;
  }

  #createDialog(response: SipResponse): Dialog {
    const { flow, account } = this.#options;
    if (this.#request === undefined) {
      throw new Error('a response came before the request');
    }
    return createUacDialog(this.#request, response, flow, account);
  }

  /**
   * The call is over, yet the transaction goes on for half a minute (RFC 6026 §8.4): it must not keep
   * the call and all that belongs to it in memory for so long.
   */
  #letGo(headers: HeaderLines): void {
    this.#transaction?.handOver(this.#late ?? this.#createLateAnswers(headers));
    this.#transaction = undefined;
  }

  #createLateAnswers(headers: HeaderLines): LateAnswers {
    return new LateAnswers(
      this.#services,
      this.#options.flow,
      headers,
      this.#usage?.dialog.remoteTag,
    );
  }

  #discardEarly(): void {
    for (const usage of this.#early) {
      usage.discard();
    }
    this.#early = [];
  }
}
