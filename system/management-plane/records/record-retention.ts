/** Deletes calls that are older than the setting says, once at the start and then every hour. */
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { RecordStore } from './record-store.ts';

const periodMs = 3_600_000;
const dayMs = 86_400_000;

export interface RecordRetentionOptions {
  readonly store: Pick<RecordStore, 'deleteBefore'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The setting `recordsKeepDays`, as it is now. */
  readonly keepDays: () => number;
}

export class RecordRetention {
  readonly #options: RecordRetentionOptions;
  #timer: Timer | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: RecordRetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#deleteOld();
    this.#timer = this.#options.clock.schedule(periodMs, () => {
      this.start();
    });
  }

  /** Waits for what is under way. Idempotent. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#running;
  }

  async #deleteOld(): Promise<void> {
    const { store, clock, logger, keepDays } = this.#options;
    try {
      const deleted = await store.deleteBefore(clock.wallMs() - keepDays() * dayMs);
      if (deleted > 0) {
        logger.info('Old call records were deleted', { deleted, keepDays: keepDays() });
      }
    } catch (error) {
      logger.error('Old call records cannot be deleted', { error: toErrorMessage(error) });
    }
  }
}
