/** The database behind the doors, opened when something needs it for the first time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { openDatabase } from '../storage/database.ts';
import { doorsMigrations } from '../storage/migrations/doors/doors-migrations.ts';
import type { DoorsDatabase, DoorsTables } from './doors-tables.ts';

export interface DoorsDatabaseOptions {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class LazyDoorsDatabase {
  readonly #options: DoorsDatabaseOptions;
  #opening: Promise<DoorsDatabase> | undefined;

  constructor(options: DoorsDatabaseOptions) {
    this.#options = options;
  }

  /** Whether there is anything to read. */
  get exists(): boolean {
    return this.#opening !== undefined || existsSync(this.#path);
  }

  /** Rejects with StorageError. */
  open(): Promise<DoorsDatabase> {
    const { clock, logger } = this.#options;
    this.#opening ??= openDatabase<DoorsTables>({
      path: this.#path,
      migrations: doorsMigrations,
      clock,
      logger,
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    // What could not be opened need not be closed.
    await (await opening?.catch(() => undefined))?.close();
  }

  get #path(): string {
    return join(this.#options.dataDirectory, 'doors.db');
  }
}
