/**
 * Gathers writes for a moment and does them together: a thousand phones that boot at once are a few
 * transactions. What a crash loses is the last gathering.
 */
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';

export interface WriteBehindOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What is written, for the log. */
  readonly name: string;
  /** How long writes are gathered. Default 1,000. */
  readonly gatherMs?: number | undefined;
  /** Writes everything that was gathered; a rejection is logged, and what it did not keep is lost. */
  readonly write: () => Promise<void>;
}

const usualGatherMs = 1_000;

export class WriteBehind {
  readonly #options: WriteBehindOptions;
  #gathering: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  /** There is something to write. */
  note(): void {
    const { clock, gatherMs = usualGatherMs } = this.#options;
    this.#gathering ??= clock.schedule(gatherMs, () => {
      void this.flush();
    });
  }

  /** Writes at once and waits for it. Never rejects. */
  flush(): Promise<void> {
    const { name, write, logger } = this.#options;
    this.#gathering?.cancel();
    this.#gathering = undefined;
    this.#writing = this.#writing.then(write).catch((error: unknown) => {
      logger.error(`${name} could not be stored`, { error });
    });
    return this.#writing;
  }
}
