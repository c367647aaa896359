/**
 * A call: joins the caller's leg with the phone that answers, or with a media service. The dialplan
 * says what is to happen (`RouteRun`), this performs it and tells what came of it; every way to the
 * end runs through `#end`, which frees the media, writes the record and hangs up.
 */
import type { CallRef } from '../../foundation/ids.ts';
import type { Secret } from '../../foundation/secret.ts';
import type { MediaService } from '../../media-plane/media.ts';
import type { HangupSide } from '../../records/call-record.ts';
import type { RingEffect, RingResult, WorldAnswer, WorldEffect } from '../../routing/route-call.ts';
import { RouteRun } from '../../routing/route-run.ts';
import type { TraceStep } from '../../routing/trace.ts';
import type { SipRequest } from '../sip/messages/message.ts';
import type { OfferExchange, UsageFailure } from '../sip/dialogs/in-dialog/exchange.ts';
import type { InfoExchange } from '../sip/dialogs/in-dialog/info.ts';
import type { AnsweredCall } from './answered-call.ts';
import type { CallEnvironment, PhoneUserChange } from './call-environment.ts';
import type { CallerInvite, CallOptions } from './call-options.ts';
import type { CallPartyView, CallView } from './call-view.ts';
import type { CalleeLeg } from './legs/callee-leg.ts';
import { type CallerLeg, type CallerLegUser, createCallerLeg } from './legs/caller-leg.ts';
import { type Ending, hangUpLegs, toRefusal } from './hang-up.ts';
import { JoinedLegs } from './joined-legs.ts';
import { moveToAnchor } from './media/late-anchoring.ts';
import type { Leg } from './legs/leg.ts';
import type { PassedAnswer, PassedOffer } from './media/media-path.ts';
import { cause, q850Reason, reasonOfBye } from './reason.ts';
import { findDialledParty, nameOfPhone } from './call-party.ts';
import { createCallRecord, keepRecord } from './record.ts';
import { RingAttempts } from './ringing/ring-attempts.ts';
import type { RingingUser } from './ringing/ringing.ts';
import type { ServiceCall } from './services/service-call.ts';
import { ServiceRun, type ServiceRunUser } from './services/service-run.ts';

export interface CallOwner {
  /** Something that lists show is different. */
  callChanged(): void;
  callEnded(call: Call): void;
}

export class Call implements CallView, CallerLegUser, RingingUser, ServiceRunUser {
  readonly callRef: CallRef;
  readonly callerParty: CallPartyView;
  readonly startedAtMs: number;
  answeredAtMs: number | undefined;
  state: CallView['state'] = 'routing';
  readonly #options: CallOptions;
  readonly #environment: CallEnvironment;
  readonly #owner: CallOwner;
  readonly #route: RouteRun;
  readonly #startedMs: number;
  readonly #caller: CallerLeg;
  #calleeParty: CallPartyView;
  readonly #attempts: RingAttempts;
  #services: ServiceRun | undefined;
  #ringResult: RingResult | undefined;
  #callee: CalleeLeg | undefined;
  #answered: AnsweredCall | undefined;

  constructor(options: CallOptions, invite: CallerInvite, owner: CallOwner) {
    const { environment, configuration, caller } = options;
    this.callRef = options.callRef;
    this.#options = options;
    this.#environment = environment;
    this.#owner = owner;
    this.startedAtMs = environment.clock.wallMs();
    this.#startedMs = environment.clock.nowMs();
    const { userId, number, name } = caller;
    this.callerParty = { userId: caller.isUnassigned ? undefined : userId, number, name };
    this.#calleeParty = findDialledParty(options.configuration, options.dialled);
    this.#route = new RouteRun(configuration, {
      caller,
      dialled: options.dialled,
      phonePin: options.phonePin,
    });
    this.#caller = createCallerLeg(options, invite, this.startedAtMs, this);
    this.#attempts = new RingAttempts(options, this.#caller, this);
  }

  get inviteKey(): string {
    return this.#options.inviteKey;
  }

  get calleeParty(): CallPartyView {
    return this.#calleeParty;
  }

  get legs(): readonly Leg[] {
    return [this.#caller, ...this.#attempts.legs];
  }

  get mediaMode(): CallView['mediaMode'] {
    return this.#services === undefined ? (this.#attempts.path?.mode ?? 'none') : 'service';
  }

  get revision(): number {
    return this.#options.configuration.revision;
  }

  get trace(): readonly TraceStep[] {
    return this.#route.trace;
  }

  /** The two (or, with a service, one) legs that talk. */
  get talkingLegs(): readonly Leg[] {
    return this.#callee === undefined ? [this.#caller] : [this.#caller, this.#callee];
  }

  start(): void {
    this.#caller.protect(() => {
      this.#caller.invite.sendTrying();
      this.#advance(undefined);
    });
  }

  /** Ends the call in whatever state it is. */
  hangUp(side: HangupSide, causeValue: number, status: number): void {
    if (this.state !== 'over') {
      this.#route.note('hung-up', { side }, this.#elapsedMs);
    }
    this.#end({
      outcome: this.state === 'answered' ? 'answered' : 'failed',
      side,
      headers: [q850Reason(causeValue)],
      status,
    });
  }

  callerCancelled(): void {
    this.#route.note('caller-cancelled', {}, this.#elapsedMs);
    this.#end({
      outcome: 'cancelled',
      side: 'caller',
      headers: [q850Reason(cause.normalClearing)],
      status: 487,
    });
  }

  callerAcknowledged(answer: Buffer | undefined): void {
    this.#answered?.acknowledged(answer);
  }

  ringingProgressed(status: 180 | 183, early: PassedAnswer | undefined): void {
    const told = early === undefined ? undefined : (this.#attempts.anchorLate(early) ?? early);
    if (told !== undefined) {
      this.#attempts.path?.establish(told);
    }
    this.#caller.ringingAtMs ??= this.#environment.clock.wallMs();
    this.#caller.invite.sendProgress(status, told?.body);
    this.#moveTo('ringing');
  }

  ringingAnswered(leg: CalleeLeg, answer: PassedAnswer, isOtherAnswer: boolean): void {
    const { path } = this.#attempts;
    // First of all: should anything go wrong below, this phone has to hear of it.
    this.#callee = leg;
    const anchored = this.#attempts.anchorLate(answer);
    const told = anchored ?? answer;
    path?.establish(told);
    leg.invite.acknowledge();
    this.#connect(leg, told.body, isOtherAnswer, undefined);
    if (path !== undefined && anchored !== undefined) {
      moveToAnchor(leg, path, anchored, () => {
        this.callChanged();
      });
    }
  }

  ringingOffered(leg: CalleeLeg, offer: PassedOffer): void {
    this.#connect(leg, offer.body, false, offer);
  }

  ringingRedirected(leg: CalleeLeg, number: string): void {
    this.#route.note('phone-redirects', { device: nameOfPhone(leg), number }, this.#elapsedMs);
  }

  ringingEnded(result: RingResult): void {
    this.#ringResult = result;
    this.#advance(result);
  }

  serviceAnswers(call: ServiceCall, body: Buffer): void {
    this.#answered = call;
    this.#answerCaller(body, this.#attempts.hasEarlyAnswer);
  }

  serviceRefuses(status: number, reason: string | undefined): void {
    this.#refuse(status, reason);
  }

  serviceHeard(digits: Secret): void {
    this.#advance({ kind: 'digits', digits });
  }

  serviceIsOver(): void {
    this.hangUp('system', cause.normalClearing, 480);
  }

  legOffered(leg: Leg, exchange: OfferExchange): void {
    if (this.#answered === undefined) {
      exchange.reject(491);
    } else {
      this.#answered.offered(leg, exchange);
    }
  }

  legSentInfo(leg: Leg, exchange: InfoExchange): void {
    if (this.#answered === undefined) {
      exchange.reject(491);
    } else {
      this.#answered.sentInfo(leg, exchange);
    }
  }

  legMovedMedia(leg: Leg, answer: Buffer): void {
    this.#answered?.movedMedia(leg, answer);
  }

  legHungUp(leg: Leg, request: SipRequest): void {
    const side = leg.options.role;
    this.#route.note('hung-up', { side }, this.#elapsedMs);
    this.#end({ outcome: 'answered', side, headers: [reasonOfBye(request)], status: 487 });
  }

  legFailed(leg: Leg, failure: UsageFailure): void {
    const { legRef } = leg.options;
    this.#environment.logger.info('a leg failed', { callRef: this.callRef, legRef, failure });
    this.hangUp('system', failure === 'gone' ? cause.temporaryFailure : cause.timerExpiry, 500);
  }

  legBrokeOff(leg: Leg): void {
    this.#environment.logger.info('a leg left an offer without an answer', {
      callRef: this.callRef,
      legRef: leg.options.legRef,
    });
    this.hangUp('system', cause.incompatible, 488);
  }

  callChanged(): void {
    this.#owner.callChanged();
  }

  legCrashed(_leg: Leg, error: unknown): void {
    this.#environment.logger.error('a call ended by a fault in this program', {
      callRef: this.callRef,
      error,
    });
    this.hangUp('system', cause.temporaryFailure, 500);
  }

  /** Performs what the dialplan asks for, until that takes time. */
  #advance(answer: WorldAnswer): void {
    let effect = this.#route.next(answer, this.#elapsedMs);
    while (effect !== undefined) {
      const outcome = this.#perform(effect);
      if (outcome === 'later') {
        return;
      }
      effect = this.#route.next(outcome, this.#elapsedMs);
    }
  }

  #perform(effect: WorldEffect): WorldAnswer | 'later' {
    switch (effect.kind) {
      case 'count-devices':
        return {
          kind: 'devices',
          count: this.#environment.registrar.contactsFor(effect.userId).length,
        };
      case 'ring-user':
        this.#ringResult = this.#ring(effect);
        return this.#ringResult ?? 'later';
      case 'run-service':
        this.#serve(effect.service).play(effect.service, effect.forMs);
        return 'later';
      case 'ask-digits':
        this.#serve(effect.prompt).ask(effect);
        return 'later';
      case 'log-in-phone': {
        const { extension, pin } = effect;
        this.#changePhoneUser(effect.device, { extension, pin: pin.reveal() });
        return 'later';
      }
      case 'log-out-phone':
        this.#changePhoneUser(effect.device, undefined);
        return 'later';
      case 'refuse':
        this.#refuse(effect.status, effect.reason);
        return undefined;
    }
  }

  /** Undefined: phones are ringing. */
  #ring(effect: RingEffect): RingResult | undefined {
    const { configuration, dialled } = this.#options;
    const name = configuration.findUser(effect.userId)?.name ?? '';
    this.#calleeParty = { userId: effect.userId, number: dialled, name };
    if (effect.redirections.length > 0) {
      this.#caller.invite.sendProgress(181);
    }
    const result = this.#attempts.ring(effect);
    if (result === undefined) {
      this.#moveTo('calling');
    }
    return result;
  }

  #serve(service: MediaService): ServiceRun {
    this.#calleeParty = { userId: undefined, number: this.#options.dialled, name: service };
    this.#services ??= new ServiceRun(this.#options, this.#caller, this);
    return this.#services;
  }

  #changePhoneUser(device: string, login: PhoneUserChange['login']): void {
    const { userId } = this.#options.caller;
    const address = this.#caller.options.flow.remoteAddress;
    void this.#environment.changePhoneUser({ device, userId, login, address }).then((outcome) => {
      this.#caller.protect(() => {
        this.#advance({ kind: 'phone-login', outcome });
      });
    });
  }

  /** `openOffer`: the callee's, that the caller's ACK will answer. */
  #connect(
    leg: CalleeLeg,
    body: Buffer,
    isOtherAnswer: boolean,
    openOffer: PassedOffer | undefined,
  ): void {
    const { path } = this.#attempts;
    this.#callee = leg;
    if (path !== undefined) {
      this.#answered = new JoinedLegs(this.#caller, leg, path, openOffer, this);
    }
    this.#answerCaller(body, isOtherAnswer);
    leg.answeredAtMs = this.answeredAtMs;
    this.#advance({ kind: 'answered', device: nameOfPhone(leg) });
  }

  #answerCaller(body: Buffer, isOtherAnswer: boolean): void {
    this.answeredAtMs = this.#environment.clock.wallMs();
    this.state = 'answered';
    this.#caller.accept(body, isOtherAnswer, this.answeredAtMs);
    this.#owner.callChanged();
  }

  #moveTo(state: 'calling' | 'ringing'): void {
    if (this.state !== state && this.state !== 'answered' && this.state !== 'over') {
      this.state = state;
      this.#owner.callChanged();
    }
  }

  #refuse(status: number, reason: string | undefined): void {
    this.#end(toRefusal(status, reason, this.#ringResult));
  }

  #end(ending: Ending): void {
    if (this.state === 'over') {
      return;
    }
    const endedAtMs = this.#environment.clock.wallMs();
    const sipStatus = this.state === 'answered' ? 200 : ending.status;
    const { outcome, side } = ending;
    this.state = 'over';
    this.#route.abandon();
    this.#services?.stop();
    if (this.#callee === undefined) {
      this.#attempts.cancel(ending.headers);
    }
    if (sipStatus !== 200) {
      this.#caller.sipStatus = sipStatus;
    }
    for (const leg of this.legs) {
      leg.closeMedia();
      leg.endedAtMs ??= endedAtMs;
    }
    keepRecord(this.#environment, createCallRecord(this, { outcome, side, sipStatus, endedAtMs }));
    hangUpLegs(this.#caller, this.#callee, ending, sipStatus === 200 ? undefined : sipStatus);
    this.#owner.callEnded(this);
  }

  get #elapsedMs(): number {
    return Math.round(this.#environment.clock.nowMs() - this.#startedMs);
  }
}
