/** Two phones that talk: what one wants to change goes to the other (`offer-relay.ts`). */
import type { OfferExchange } from '../sip/dialogs/in-dialog/exchange.ts';
import type { InfoExchange } from '../sip/dialogs/in-dialog/info.ts';
import type { AnsweredCall, AnsweredCallUser } from './answered-call.ts';
import type { CalleeLeg } from './legs/callee-leg.ts';
import type { CallerLeg } from './legs/caller-leg.ts';
import type { Leg } from './legs/leg.ts';
import type { MediaPath, PassedOffer } from './media/media-path.ts';
import { OfferRelay } from './offer-relay.ts';

/** Refusals of an INFO that mean its content, not the phone's trouble. */
const contentStatuses: ReadonlySet<number> = new Set([405, 415, 501]);

export class JoinedLegs implements AnsweredCall {
  readonly #caller: CallerLeg;
  readonly #callee: CalleeLeg;
  readonly #path: MediaPath;
  readonly #user: AnsweredCallUser;
  readonly #relay: OfferRelay;
  /** The callee's offer in its 200, until the caller's ACK answers it (delayed offer). */
  #openOffer: PassedOffer | undefined;

  constructor(
    caller: CallerLeg,
    callee: CalleeLeg,
    path: MediaPath,
    openOffer: PassedOffer | undefined,
    user: AnsweredCallUser,
  ) {
    this.#caller = caller;
    this.#callee = callee;
    this.#path = path;
    this.#openOffer = openOffer;
    this.#user = user;
    this.#relay = new OfferRelay(path, user);
  }

  acknowledged(answer: Buffer | undefined): void {
    const offer = this.#openOffer;
    if (offer === undefined) {
      return;
    }
    this.#openOffer = undefined;
    const passed = answer === undefined ? undefined : this.#path.passAnswer(offer, answer);
    if (passed === undefined) {
      this.#user.legBrokeOff(this.#caller);
      return;
    }
    this.#path.establish(passed);
    this.#callee.invite.acknowledge(passed.body);
    this.#user.callChanged();
  }

  offered(leg: Leg, exchange: OfferExchange): void {
    this.#relay.pass(leg, this.#otherLeg(leg), exchange);
  }

  /** DTMF digits and the like (RFC 6086): the other phone decides whether it understands them. */
  sentInfo(leg: Leg, exchange: InfoExchange): void {
    const { usage } = this.#otherLeg(leg);
    if (usage === undefined) {
      exchange.reject(500);
      return;
    }
    usage.sendInfo(exchange.contentType, exchange.body, (status) => {
      if (status < 300) {
        exchange.accept();
      } else {
        exchange.reject(contentStatuses.has(status) ? 415 : 500);
      }
    });
  }

  movedMedia(leg: Leg, answer: Buffer): void {
    this.#relay.passMoved(leg, this.#otherLeg(leg), answer);
  }

  #otherLeg(leg: Leg): Leg {
    return leg === this.#caller ? this.#callee : this.#caller;
  }
}
