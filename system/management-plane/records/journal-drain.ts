/**
 * Brings finished calls from the journal into the database: at the start, when the call plane says
 * that something waits, and now and then anyway. Space in the journal is given back only after the
 * calls are stored; what a crash repeats is recognised by its reference.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { CallRecord } from '../../records/call-record.ts';
import type { RecordJournalReader } from '../../records/record-journal-reader.ts';
import { parseCallRecord } from './parse-call-record.ts';
import type { RecordStore } from './record-store.ts';

export interface JournalDrainOptions {
  readonly reader: RecordJournalReader;
  readonly store: Pick<RecordStore, 'add' | 'reject'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told after each batch with something new. */
  readonly onStored: (records: number) => void;
  /** Told when storing begins to fail (with a reason) and when it works again (undefined). */
  readonly onTrouble: (reason: string | undefined) => void;
}

const pollMs = 5_000;
/** One transaction and one flush to the disk for so many calls at most. */
const callsPerBatch = 200;

export class JournalDrain {
  readonly #options: JournalDrainOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #asked = 0;
  #isTroubled = false;
  #isClosed = false;

  constructor(options: JournalDrainOptions) {
    this.#options = options;
  }

  start(): void {
    this.#poll();
  }

  /** Stores what waits; while it runs, another call makes it look once more. Never rejects. */
  async drain(): Promise<void> {
    this.#asked += 1;
    if (this.#running !== undefined) {
      return this.#running;
    }
    this.#running = this.#drainAll();
    await this.#running;
    this.#running = undefined;
  }

  /** Stores what waits, then stops. Idempotent. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.drain();
    this.#isClosed = true;
  }

  #poll(): void {
    void this.drain();
    this.#timer = this.#options.clock.schedule(pollMs, () => {
      this.#poll();
    });
  }

  async #drainAll(): Promise<void> {
    let answered: number;
    do {
      answered = this.#asked;
      while (!this.#isClosed && (await this.#drainBatch())) {
        await nextTurn();
      }
    } while (answered !== this.#asked);
  }

  /** Whether there may be more to do at once. */
  async #drainBatch(): Promise<boolean> {
    const { reader, logger } = this.#options;
    const batch = reader.peek(callsPerBatch);
    if (batch.damaged > 0) {
      logger.error('Damaged entries of the record journal were skipped', {
        damaged: batch.damaged,
      });
    }
    try {
      await this.#storeAll(batch.texts);
    } catch (error) {
      // The calls stay in the journal until the database takes them.
      this.#setTrouble(toErrorMessage(error));
      return false;
    }
    this.#setTrouble(undefined);
    reader.advance(batch.end);
    return batch.hasMore;
  }

  async #storeAll(texts: readonly string[]): Promise<void> {
    const { store, logger, onStored } = this.#options;
    const records: CallRecord[] = [];
    for (const text of texts) {
      const record = parseCallRecord(text);
      if (record === undefined) {
        logger.error('An entry of the record journal is no call record; it is kept aside');
        await store.reject(text, 'not a call record');
      } else {
        records.push(record);
      }
    }
    if (records.length === 0) {
      return;
    }
    const added = await store.add(records);
    if (added > 0) {
      onStored(added);
    }
  }

  #setTrouble(reason: string | undefined): void {
    const isTroubled = reason !== undefined;
    if (isTroubled !== this.#isTroubled) {
      this.#isTroubled = isTroubled;
      if (isTroubled) {
        this.#options.logger.error('Call records cannot be stored; they wait in the journal', {
          error: reason,
        });
      } else {
        this.#options.logger.info('Call records are stored again');
      }
      this.#options.onTrouble(reason);
    }
  }
}
