/**
 * The call plane's end of the record journal: a finished call's record is in the mapped file before
 * the phones hear that the call is over, and stays there until the management plane has stored it.
 */
import { join } from 'node:path';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import { mapFile } from '../foundation/map-file.ts';
import type { CallRecord } from '../records/call-record.ts';
import { journalCapacityBytes, journalFileName } from '../records/journal-file.ts';
import { journalFileBytes } from '../records/record-journal.ts';
import { type JournalCondition, RecordJournalWriter } from '../records/record-journal-writer.ts';
import type { PartReporter } from './part-registry.ts';

export interface RecordKeeperOptions {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly part: PartReporter;
  /** There is something for the management plane to store. */
  readonly onWaiting: () => void;
}

/** One hint serves all records of this while: a message between threads costs more than a record. */
const hintAfterMs = 250;
/** How often records that found no room in the ring are tried again. */
const retryMs = 1_000;

export class RecordKeeper {
  readonly #options: RecordKeeperOptions;
  readonly #journal: RecordJournalWriter;
  #isRetrying = false;
  #isHinting = false;

  /** Throws when the file cannot be mapped, JournalError when it is something else. */
  constructor(options: RecordKeeperOptions) {
    this.#options = options;
    const path = join(options.dataDirectory, journalFileName);
    this.#journal = new RecordJournalWriter({
      buffer: mapFile(path, journalFileBytes(journalCapacityBytes)),
      onCondition: (condition) => {
        this.#report(condition);
      },
    });
    options.part.report('running');
  }

  keep(record: CallRecord): void {
    if (this.#journal.append(JSON.stringify(record)) === 'held') {
      this.#retryLater();
    }
    this.#hintLater();
  }

  figures(): Readonly<Record<string, number>> {
    const { usedBytes, appended, recovered, held, dropped } = this.#journal.statistics();
    return { usedBytes, appended, recovered, held, dropped };
  }

  #report(condition: JournalCondition): void {
    const { part, logger } = this.#options;
    const { held, dropped } = this.#journal.statistics();
    switch (condition) {
      case 'writing':
        part.report('running');
        logger.info('Call records are journaled again');
        return;
      case 'holding':
        part.report('degraded', 'The journal is full: records of calls wait in memory.');
        logger.warn('The record journal is full, records wait in memory', { held });
        return;
      case 'dropping':
        part.report('failed', 'Journal and memory are full: records of calls are lost.');
        logger.error('Records of calls are lost: journal and memory are full', { dropped });
        return;
    }
  }

  #hintLater(): void {
    if (!this.#isHinting) {
      this.#isHinting = true;
      this.#options.clock.schedule(hintAfterMs, () => {
        this.#isHinting = false;
        this.#options.onWaiting();
      });
    }
  }

  #retryLater(): void {
    if (!this.#isRetrying) {
      this.#isRetrying = true;
      this.#options.clock.schedule(retryMs, () => {
        this.#isRetrying = false;
        if (this.#journal.flush() > 0) {
          this.#retryLater();
        }
      });
    }
  }
}
