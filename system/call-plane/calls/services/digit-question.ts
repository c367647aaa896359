/**
 * A question that is open: plays its prompt until a key is pressed, gathers keys by the rules of
 * `routing/digit-entry.ts` and tells what was entered. Keys wait in the media plane and in the service
 * call; they are looked for often enough that nobody notices.
 */
import type { Clock, Timer } from '../../../foundation/clock.ts';
import { Secret } from '../../../foundation/secret.ts';
import {
  beginEntry,
  type DigitEntry,
  type DigitRules,
  findResult,
  pressKey,
} from '../../../routing/digit-entry.ts';
import type { ServiceCall } from './service-call.ts';

const lookEveryMs = 50;

export interface DigitQuestionOptions {
  readonly call: Pick<ServiceCall, 'play' | 'nextDigit'>;
  readonly rules: DigitRules;
  readonly clock: Clock;
  /** Runs what a timer sets off; see `Leg.protect`. */
  readonly protect: (reaction: () => void) => void;
  /** Empty: nothing came in time. Called once, never after `cancel`. */
  readonly onEntered: (digits: Secret) => void;
}

export class DigitQuestion {
  readonly #options: DigitQuestionOptions;
  #entry: DigitEntry;
  #timer: Timer | undefined;
  #isPromptOver = false;

  constructor(options: DigitQuestionOptions) {
    this.#options = options;
    this.#entry = beginEntry(options.clock.nowMs());
    this.#wait();
  }

  /** Idempotent. */
  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(): void {
    const { clock, protect } = this.#options;
    this.#timer = clock.schedule(lookEveryMs, () => {
      protect(() => {
        this.#look();
      });
    });
  }

  #look(): void {
    const { call, rules, clock, onEntered } = this.#options;
    const nowMs = clock.nowMs();
    // What is typed ahead belongs to the next question.
    while (!this.#entry.isEnded) {
      const key = call.nextDigit();
      if (key === undefined) {
        break;
      }
      this.#silencePrompt();
      this.#entry = pressKey(this.#entry, key, rules, nowMs);
    }
    const digits = findResult(this.#entry, rules, nowMs);
    if (digits === undefined) {
      this.#wait();
      return;
    }
    this.#timer = undefined;
    this.#silencePrompt();
    onEntered(new Secret(digits));
  }

  #silencePrompt(): void {
    if (!this.#isPromptOver) {
      this.#isPromptOver = true;
      this.#options.call.play('silence');
    }
  }
}
