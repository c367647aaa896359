/** What a call is once it was answered: two joined legs, or one leg and a service. */
import type { OfferExchange } from '../sip/dialogs/in-dialog/exchange.ts';
import type { InfoExchange } from '../sip/dialogs/in-dialog/info.ts';
import type { Leg } from './legs/leg.ts';

export interface AnsweredCall {
  /** The caller's ACK to the 200; `answer` when the 200 brought the offer. */
  acknowledged(answer: Buffer | undefined): void;
  /** A leg wants to change the session. */
  offered(leg: Leg, exchange: OfferExchange): void;
  sentInfo(leg: Leg, exchange: InfoExchange): void;
  /** A leg answered a session refresh of ours with other media than before. */
  movedMedia(leg: Leg, answer: Buffer): void;
}

export interface AnsweredCallUser {
  callChanged(): void;
  /** The leg left an offer without a usable answer: the two sides no longer agree. */
  legBrokeOff(leg: Leg): void;
}
