/** Throws away now and every hour what has ended by itself: sessions, old entries. */
import type { Clock, Timer } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';

export interface HousekeepingOptions {
  /** All of them run at the same time. */
  readonly deletions: readonly (() => Promise<unknown>)[];
  readonly clock: Clock;
  readonly logger: Logger;
}

const everyMs = 3_600_000;

export class Housekeeping {
  readonly #options: HousekeepingOptions;
  #timer: Timer | undefined;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  start(): void {
    const { deletions, clock, logger } = this.#options;
    void Promise.all(deletions.map(async (deletion) => deletion())).catch((error: unknown) => {
      logger.error('Old sessions and audit entries could not be deleted', { error });
    });
    this.#timer = clock.schedule(everyMs, () => {
      this.start();
    });
  }

  close(): void {
    this.#timer?.cancel();
  }
}
