/**
 * Passes a change of the session from the leg that wants it to the other, and the answer back
 * (re-INVITE and UPDATE: hold, resume, another codec, another address). While one is under way the
 * legs' own rules refuse a second with 491 or 500, so there is never more than one.
 */
import type { OfferExchange, OfferOutcome } from '../sip/dialogs/in-dialog/exchange.ts';
import type { AnsweredCallUser } from './answered-call.ts';
import type { Leg } from './legs/leg.ts';
import type { MediaPath } from './media/media-path.ts';

/** What the other phone may answer to a change and the first is told as it is. */
const passedStatuses: ReadonlySet<number> = new Set([488, 491, 500, 503, 504, 603, 606]);

export class OfferRelay {
  readonly #path: MediaPath;
  readonly #user: AnsweredCallUser;

  constructor(path: MediaPath, user: AnsweredCallUser) {
    this.#path = path;
    this.#user = user;
  }

  /** `from` wants a change; `to` is the other leg. */
  pass(from: Leg, to: Leg, exchange: OfferExchange): void {
    const { offer } = exchange;
    if (to.usage?.isIdle !== true) {
      exchange.reject(491);
    } else if (offer === undefined) {
      this.#requestOffer(from, to, exchange);
    } else {
      this.#passOffer(from, to, exchange, offer);
    }
  }

  /** `from` answered a refresh of ours differently: the other side has to hear of it. */
  passMoved(from: Leg, to: Leg, answer: Buffer): void {
    if (this.#path.mode === 'anchored') {
      this.#path.move(from, answer);
      return;
    }
    const passed = this.#path.passOffer(answer, from, to);
    if (passed !== undefined) {
      to.usage?.sendOffer('INVITE', passed.body, {
        accepted: () => undefined,
        rejected: () => undefined,
      });
    }
  }

  #passOffer(from: Leg, to: Leg, exchange: OfferExchange, offer: Buffer): void {
    const passed = this.#path.passOffer(offer, from, to);
    if (passed === undefined) {
      exchange.reject(488);
      return;
    }
    this.#send(exchange, to, passed.body, {
      accepted: (body) => {
        to.protect(() => {
          const answer = body === undefined ? undefined : this.#path.passAnswer(passed, body);
          if (answer === undefined) {
            exchange.reject(500);
            this.#user.legBrokeOff(to);
            return;
          }
          this.#path.establish(answer);
          exchange.accept(answer.body);
          this.#user.callChanged();
        });
      },
      rejected: (status) => {
        exchange.reject(toPassedStatus(status));
      },
    });
  }

  /** A re-INVITE without offer: the other phone makes it, and gets its answer with the ACK. */
  #requestOffer(from: Leg, to: Leg, exchange: OfferExchange): void {
    this.#send(exchange, to, undefined, {
      accepted: (body, acknowledge) => {
        to.protect(() => {
          const passed = body === undefined ? undefined : this.#path.passOffer(body, to, from);
          if (passed === undefined) {
            exchange.reject(500);
            this.#user.legBrokeOff(to);
            return;
          }
          exchange.accept(passed.body, (answer) => {
            const passedAnswer =
              answer === undefined ? undefined : this.#path.passAnswer(passed, answer);
            if (passedAnswer === undefined) {
              this.#user.legBrokeOff(from);
              return;
            }
            this.#path.establish(passedAnswer);
            acknowledge(passedAnswer.body);
            this.#user.callChanged();
          });
        });
      },
      rejected: (status) => {
        exchange.reject(toPassedStatus(status));
      },
    });
  }

  #send(exchange: OfferExchange, to: Leg, body: Buffer | undefined, outcome: OfferOutcome): void {
    const { usage } = to;
    exchange.onCancel = () => {
      usage?.cancelOffer();
    };
    if (usage?.sendOffer(exchange.method, body, outcome) !== true) {
      exchange.reject(491);
    }
  }
}

function toPassedStatus(status: number): number {
  return passedStatuses.has(status) ? status : 500;
}
