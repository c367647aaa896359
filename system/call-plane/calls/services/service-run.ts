/**
 * What the dialplan plays to a caller and asks of him: the first service answers the call, later ones
 * take its place; a question is open until keys or the time have answered it.
 */
import type { Timer } from '../../../foundation/clock.ts';
import type { Secret } from '../../../foundation/secret.ts';
import type { MediaService } from '../../../media-plane/media.ts';
import type { AskEffect } from '../../../routing/route-call.ts';
import type { AnsweredCallUser } from '../answered-call.ts';
import type { CallOptions } from '../call-options.ts';
import type { CallerLeg } from '../legs/caller-leg.ts';
import { DigitQuestion } from './digit-question.ts';
import { toMediaFailure } from '../media/media-failure.ts';
import { ServiceCall } from './service-call.ts';

export interface ServiceRunUser extends AnsweredCallUser {
  /** The caller is to be answered with this body. */
  serviceAnswers(call: ServiceCall, body: Buffer): void;
  /** The caller's offer, or the lack of ports, leaves no way to answer it. */
  serviceRefuses(status: number, reason: string | undefined): void;
  /** Empty: nothing was entered in time. */
  serviceHeard(digits: Secret): void;
  /** The time that the service was given is over. */
  serviceIsOver(): void;
}

export class ServiceRun {
  readonly #options: CallOptions;
  readonly #caller: CallerLeg;
  readonly #user: ServiceRunUser;
  #call: ServiceCall | undefined;
  #question: DigitQuestion | undefined;
  #timer: Timer | undefined;

  constructor(options: CallOptions, caller: CallerLeg, user: ServiceRunUser) {
    this.#options = options;
    this.#caller = caller;
    this.#user = user;
  }

  /** `forMs`: after which it is over; without, it plays until the call ends. */
  play(service: MediaService, forMs: number | undefined): void {
    if (this.#begin(service) !== undefined && forMs !== undefined) {
      this.#timer = this.#options.environment.clock.schedule(forMs, () => {
        this.#caller.protect(() => {
          this.#user.serviceIsOver();
        });
      });
    }
  }

  ask({ prompt, rules }: AskEffect): void {
    const call = this.#begin(prompt);
    if (call === undefined) {
      return;
    }
    this.#question = new DigitQuestion({
      call,
      rules,
      clock: this.#options.environment.clock,
      protect: (reaction) => {
        this.#caller.protect(reaction);
      },
      onEntered: (digits) => {
        this.#user.serviceHeard(digits);
      },
    });
  }

  /** Nothing is asked or told any more. Idempotent. */
  stop(): void {
    this.#question?.cancel();
    this.#timer?.cancel();
  }

  /** Undefined: the caller was refused. */
  #begin(service: MediaService): ServiceCall | undefined {
    if (this.#call !== undefined) {
      this.#call.play(service);
      return this.#call;
    }
    const { environment, configuration, callRef, offer } = this.#options;
    const call = new ServiceCall({
      leg: this.#caller,
      service,
      language: configuration.settings.language,
      plane: environment.media,
      user: this.#user,
    });
    this.#call = call;
    try {
      const body = call.open(offer);
      if (body !== undefined) {
        this.#user.serviceAnswers(call, body);
        return call;
      }
      this.#user.serviceRefuses(488, 'Not Acceptable Here');
    } catch (error) {
      const failure = toMediaFailure(environment, callRef, error);
      this.#user.serviceRefuses(failure.status, undefined);
    }
    return undefined;
  }
}
