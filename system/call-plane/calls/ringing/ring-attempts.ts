/**
 * Every round of ringing of one call: the first user's phones and, when one sends the call on, those
 * of the next. Their legs stay together for the record; the caller keeps its ports and what it was
 * told early.
 */
import type { RingEffect, RingResult } from '../../../routing/route-call.ts';
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import type { CallOptions } from '../call-options.ts';
import type { CalleeLeg } from '../legs/callee-leg.ts';
import type { CallerLeg } from '../legs/caller-leg.ts';
import { anchorLate } from '../media/late-anchoring.ts';
import type { LegUser } from '../legs/leg.ts';
import { toMediaFailure } from '../media/media-failure.ts';
import { MediaPath, type PassedAnswer } from '../media/media-path.ts';
import { createCalleeLeg, planRinging } from './ring-target.ts';
import { Ringing, type RingingUser } from './ringing.ts';

export class RingAttempts {
  readonly #call: CallOptions;
  readonly #caller: CallerLeg;
  readonly #user: LegUser & RingingUser;
  readonly #rounds: Ringing[] = [];
  #path: MediaPath | undefined;

  constructor(call: CallOptions, caller: CallerLeg, user: LegUser & RingingUser) {
    this.#call = call;
    this.#caller = caller;
    this.#user = user;
  }

  /** Every phone that was rung. */
  get legs(): readonly CalleeLeg[] {
    return this.#rounds.flatMap((round) => round.legs);
  }

  /** Of the phones that ring now, or rang last. */
  get path(): MediaPath | undefined {
    return this.#path;
  }

  /** The caller has heard the answer of a phone that does not have the call yet. */
  get hasEarlyAnswer(): boolean {
    return this.#rounds.some((round) => round.hasEarlyAnswer);
  }

  /** Rings the phones of a user. Undefined: they ring. */
  ring(effect: RingEffect): RingResult | undefined {
    const { environment, offer } = this.#call;
    const { clock, media } = environment;
    const plan = planRinging(this.#call, effect.userId);
    if ('kind' in plan) {
      return plan;
    }
    // Where the caller has its ports, it keeps them.
    const mode = this.#path?.mode === 'anchored' ? 'anchored' : plan.mediaMode;
    const path = new MediaPath(media, mode);
    const legsBefore = this.legs.length;
    const round = new Ringing(
      {
        caller: this.#caller,
        offer,
        path,
        targets: plan.targets,
        createLeg: (target, index, calleeUser) =>
          createCalleeLeg(this.#call, effect, this.#user, calleeUser, target, legsBefore + index),
        timeoutMs: effect.timeoutSec * 1000,
        hasOtherEarlyAnswer: this.hasEarlyAnswer,
        schedule: (delayMs, task) =>
          clock.schedule(delayMs, () => {
            this.#caller.protect(task);
          }),
        wallMs: () => clock.wallMs(),
      },
      this.#user,
    );
    this.#path = path;
    this.#rounds.push(round);
    try {
      path.open(this.#caller);
      return round.start();
    } catch (error) {
      return toMediaFailure(environment, this.#call.callRef, error);
    }
  }

  /**
   * The answer as the caller is to be told it when only it shows that the call has to be anchored;
   * undefined: as it is. Without ports for it the call stays direct.
   */
  anchorLate(answer: PassedAnswer): PassedAnswer | undefined {
    try {
      return this.#path === undefined ? undefined : anchorLate(this.#path, answer);
    } catch (error) {
      toMediaFailure(this.#call.environment, this.#call.callRef, error);
      return undefined;
    }
  }

  /** Every phone stops ringing. Idempotent. */
  cancel(headers: HeaderLines): void {
    this.#rounds.at(-1)?.cancel(headers);
  }
}
