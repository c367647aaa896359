/** Waits for the confirmation of the one pending revision. */
import type { Clock, Timer } from '../../foundation/clock.ts';

const retryDelayMs = 10_000;

export class ConfirmationTimer {
  readonly #clock: Clock;
  readonly #onTimeout: (revision: number) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, onTimeout: (revision: number) => void) {
    this.#clock = clock;
    this.#onTimeout = onTimeout;
  }

  start(revision: number, remainingMs: number): void {
    this.stop();
    this.#timer = this.#clock.schedule(remainingMs, () => {
      this.#timer = undefined;
      this.#onTimeout(revision);
    });
  }

  /** After a failure: a revision must not stay only because a disk was full for a moment. */
  retry(revision: number): void {
    this.start(revision, retryDelayMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
