/**
 * The entry of call control: takes every request from the transaction layer, lets nothing in that
 * did not authenticate, hands in-dialog requests to their dialog, begins calls and keeps the list of
 * them. This is the transaction user of the call plane.
 */
import type { ActiveCall } from '../../bus/contract.ts';
import { type CallRef, type LegRef, randomId } from '../../foundation/ids.ts';
import type { MediaStatistics } from '../../media-plane/media.ts';
import { Secret } from '../../foundation/secret.ts';
import { parsePhoneLogin } from '../../routing/phone-login.ts';
import type { Flow } from '../sip/transport.ts';
import type { Timer } from '../../foundation/clock.ts';
import { tagOf } from '../sip/dialogs/dialog.ts';
import { answerOptions } from '../sip/dialogs/in-dialog/options.ts';
import { allowedMethods, statusForMethod } from '../sip/dialogs/own-headers.ts';
import type { HeaderLines } from '../sip/messages/header-fields.ts';
import { createResponse, type SipRequest, type SipResponse } from '../sip/messages/message.ts';
import type { ServerTransaction, TransactionUser } from '../sip/transactions/server-transaction.ts';
import { toActiveCall } from './active-call.ts';
import type { Admission, Sender } from './admission/admission.ts';
import { dialledNumber } from './dialled-number.ts';
import { Call, type CallOwner } from './call.ts';
import { nameOf } from './admission/caller-name.ts';
import type { CallConfiguration, CallEnvironment } from './call-environment.ts';
import { toCallerPhone } from './call-options.ts';
import { checkInvite } from './admission/invite-check.ts';
import { cause, causeForStatus, q850Reason } from './reason.ts';
import { SilenceWatch } from './silence-watch.ts';

export interface CallControlOptions {
  readonly environment: CallEnvironment;
  /** The configuration in force. */
  readonly configuration: () => CallConfiguration;
  readonly admission: Admission;
  /** Answers a REGISTER of an authenticated account. */
  readonly register: (request: SipRequest, sender: Sender, flow: Flow) => SipResponse;
  /** The list of calls is different; at most four times a second. */
  readonly onCallsChanged: (total: number) => void;
  /** How long all phones of an anchored call may send nothing before it is ended; 0: for ever. */
  readonly silenceSec: number;
}

const changeDelayMs = 250;
/** Enough for a lost message to be sent twice more (T1 is 500 ms). */
const longestStopMs = 2_000;
const settlePollMs = 20;

export class CallControl implements TransactionUser, CallOwner {
  readonly #options: CallControlOptions;
  readonly #environment: CallEnvironment;
  readonly #calls = new Map<CallRef, Call>();
  /** Calls by what identifies their INVITE: a second one is the same by another path (§8.2.2.2). */
  readonly #callsByInvite = new Map<string, Call>();
  readonly #silenceWatch: SilenceWatch;
  #changeTimer: Timer | undefined;
  #isStopping = false;

  constructor(options: CallControlOptions) {
    this.#options = options;
    this.#environment = options.environment;
    this.#silenceWatch = new SilenceWatch({
      clock: options.environment.clock,
      silenceSec: options.silenceSec,
      calls: () => this.#calls.values(),
      hangUp: (call) => {
        call.hangUp('system', cause.timerExpiry, 500);
      },
    });
  }

  get callCount(): number {
    return this.#calls.size;
  }

  /** The calls that began first, at most `limit`. */
  listCalls(limit: number): { readonly calls: readonly ActiveCall[]; readonly total: number } {
    const calls: ActiveCall[] = [];
    for (const call of this.#calls.values()) {
      if (calls.length >= limit) {
        break;
      }
      calls.push(toActiveCall(call));
    }
    return { calls, total: this.#calls.size };
  }

  /** What is known of the audio of a call's legs now, none when it is direct; undefined: no such call. */
  mediaOf(
    callRef: CallRef,
  ): readonly { readonly legRef: LegRef; readonly media: MediaStatistics }[] | undefined {
    const call = this.#calls.get(callRef);
    if (call === undefined) {
      return undefined;
    }
    const result: { legRef: LegRef; media: MediaStatistics }[] = [];
    for (const leg of call.legs) {
      const media = leg.statistics();
      if (media !== undefined) {
        result.push({ legRef: leg.options.legRef, media });
      }
    }
    return result;
  }

  /** An administrator ends a call. False: there is none. */
  hangUp(callRef: CallRef): boolean {
    const call = this.#calls.get(callRef);
    call?.hangUp('administrator', cause.normalClearing, 480);
    return call !== undefined;
  }

  /**
   * Ends every call and takes no new ones. Resolves when each phone has confirmed its BYE, or its
   * CANCEL with a 487, and each caller its refusal with an ACK; at the latest after 2 s.
   */
  hangUpAll(): Promise<void> {
    this.#isStopping = true;
    for (const call of [...this.#calls.values()]) {
      call.hangUp('system', cause.temporaryFailure, 503);
    }
    const { clock, transactions } = this.#environment;
    const deadlineMs = clock.nowMs() + longestStopMs;
    return new Promise((resolve) => {
      const look = (): void => {
        if (transactions.isSettled || clock.nowMs() >= deadlineMs) {
          resolve();
        } else {
          clock.schedule(settlePollMs, look);
        }
      };
      look();
    });
  }

  /** Stops the timers of this object; calls are not touched. */
  close(): void {
    this.#silenceWatch.stop();
    this.#changeTimer?.cancel();
    this.#changeTimer = undefined;
  }

  /** Outside of dialogs nobody is heard without credentials. */
  challenge(request: SipRequest, flow: Flow): HeaderLines | undefined {
    return tagOf(request.to) === '' ? this.#options.admission.challenge(request, flow) : undefined;
  }

  handleRequest(request: SipRequest, transaction: ServerTransaction, flow: Flow): void {
    if (tagOf(request.to) !== '') {
      this.#handleInDialog(request, transaction, flow);
      return;
    }
    const { admission, configuration, register } = this.#options;
    const sender = admission.authenticate(request, transaction);
    if (sender === undefined) {
      return;
    }
    if (request.method === 'REGISTER') {
      transaction.respond(register(request, sender, flow));
      return;
    }
    const snapshot = configuration();
    if (admission.speaksFor(sender.userId, snapshot, request, transaction)) {
      this.#handleAdmitted(request, transaction, sender, snapshot);
    }
  }

  handleAck(ack: SipRequest, flow: Flow): void {
    const usage = this.#environment.dialogs.find(ack);
    // An ACK cannot be challenged: from elsewhere it counts for nothing.
    if (usage?.dialog.flow.remoteAddress === flow.remoteAddress) {
      usage.handleAck(ack);
    }
  }

  callChanged(): void {
    this.#changeTimer ??= this.#environment.clock.schedule(changeDelayMs, () => {
      this.#changeTimer = undefined;
      this.#options.onCallsChanged(this.#calls.size);
    });
  }

  callEnded(call: Call): void {
    this.#calls.delete(call.callRef);
    this.#callsByInvite.delete(call.inviteKey);
    this.callChanged();
  }

  #handleInDialog(request: SipRequest, transaction: ServerTransaction, flow: Flow): void {
    const { dialogs } = this.#environment;
    const usage = dialogs.find(request);
    if (usage === undefined) {
      const status = dialogs.isCrossingBye(request) ? 200 : 481;
      transaction.respond(createResponse(request, status));
      return;
    }
    const { dialog } = usage;
    if (dialog.flow.remoteAddress !== flow.remoteAddress) {
      // The tags are right, the place is not: the phone moved, or somebody listened.
      const sender = this.#options.admission.authenticate(request, transaction);
      if (sender === undefined) {
        return;
      }
      if (sender.userId !== dialog.account) {
        transaction.respond(createResponse(request, 403));
        return;
      }
    }
    dialog.flow = flow;
    usage.handleRequest(request, transaction);
  }

  #handleAdmitted(
    request: SipRequest,
    transaction: ServerTransaction,
    sender: Sender,
    configuration: CallConfiguration,
  ): void {
    const { method } = request;
    switch (method) {
      case 'INVITE':
        this.#handleInvite(request, transaction, sender, configuration);
        return;
      case 'OPTIONS':
        answerOptions(request, transaction, this.#environment.createTag());
        return;
      case 'BYE':
      case 'UPDATE':
      case 'INFO':
      case 'PRACK':
        // They live in dialogs only.
        this.#refuse(request, transaction, 481);
        return;
      default: {
        const headers = [['Allow', allowedMethods]] as const;
        const toTag = this.#environment.createTag();
        transaction.respond(
          createResponse(request, statusForMethod(method), undefined, { toTag, headers }),
        );
      }
    }
  }

  #handleInvite(
    request: SipRequest,
    transaction: ServerTransaction,
    { userId, device }: Sender,
    configuration: CallConfiguration,
  ): void {
    const inviteKey = toInviteKey(request);
    if (this.#callsByInvite.has(inviteKey)) {
      this.#refuse(request, transaction, 482);
      return;
    }
    if (this.#isStopping) {
      this.#refuse(request, transaction, 503);
      return;
    }
    const check = checkInvite(request, configuration.settings.sessionTimerSec);
    if (check.kind === 'refused') {
      const { status, reason, headers } = check;
      const toTag = this.#environment.createTag();
      transaction.respond(createResponse(request, status, reason, { toTag, headers }));
      return;
    }
    const user = configuration.findUser(userId);
    const login = parsePhoneLogin(check.dialled, configuration.settings.phoneLoginCode);
    const number =
      (user === undefined || user.extension === '' ? undefined : user.extension) ??
      dialledNumber(request.from.uri) ??
      '';
    const names = this.#environment.callerNames();
    const called = names === undefined ? undefined : configuration.findNumber(check.dialled);
    const reader = called?.kind === 'user' ? called.userId : undefined;
    const call = new Call(
      {
        callRef: randomId() as CallRef,
        inviteKey,
        environment: this.#environment,
        configuration,
        caller: {
          userId,
          number,
          name: nameOf({ number, name: user?.name ?? '', isInternal: true }, reader, names),
          device,
          isUnassigned: user === undefined && device !== undefined,
        },
        dialled: login?.shown ?? check.dialled,
        phonePin: login?.pin === undefined ? undefined : new Secret(login.pin),
        phone: toCallerPhone({ request, transaction }),
        offer: check.offer,
      },
      { request, transaction },
      this,
    );
    this.#calls.set(call.callRef, call);
    this.#callsByInvite.set(inviteKey, call);
    this.#silenceWatch.start();
    this.callChanged();
    const { logger } = this.#environment;
    if (logger.isDebugEnabled()) {
      logger.debug('a call begins', {
        callRef: call.callRef,
        caller: call.callerParty.number,
        dialled: call.calleeParty.number,
        source: transaction.flow.remoteAddress,
      });
    }
    call.start();
  }

  #refuse(request: SipRequest, transaction: ServerTransaction, status: number): void {
    const toTag = this.#environment.createTag();
    const headers = [q850Reason(causeForStatus(status))];
    transaction.respond(createResponse(request, status, undefined, { toTag, headers }));
  }
}

/** What makes two INVITEs without To tag the same request (RFC 3261 §8.2.2.2). */
function toInviteKey(request: SipRequest): string {
  return `${String(request.cseq.sequence)} ${tagOf(request.from)} ${request.callId}`;
}
