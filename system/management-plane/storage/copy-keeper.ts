/**
 * Keeps the last good copy of a database fresh: some time after the first change that it lacks, so
 * that a burst of changes costs one copy, and once more at an ordered stop.
 */
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { SqlDatabase } from './database.ts';

/** How old a copy may be compared with the file. */
const copyDelayMs = 60_000;

export class CopyKeeper {
  readonly #database: Pick<SqlDatabase<never>, 'path' | 'writeCopy'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;

  constructor(
    database: Pick<SqlDatabase<never>, 'path' | 'writeCopy'>,
    clock: Clock,
    logger: Logger,
  ) {
    this.#database = database;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Something was written. */
  noteChange(): void {
    this.#timer ??= this.#clock.schedule(copyDelayMs, () => {
      this.#timer = undefined;
      this.#running = this.#write();
    });
  }

  /** Writes what is outstanding and stops. */
  async close(): Promise<void> {
    const isOutstanding = this.#timer !== undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#running;
    if (isOutstanding) {
      await this.#write();
    }
  }

  async #write(): Promise<void> {
    try {
      await this.#database.writeCopy();
    } catch (error) {
      this.#logger.error('the copy of the database could not be written; the old one stays', {
        path: this.#database.path,
        error: toErrorMessage(error),
      });
    }
  }
}
