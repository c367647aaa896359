/**
 * The call plane's end of the record journal: appends without any system call. When the management
 * plane does not keep up and the ring is full, records are held in memory up to a bound, in order,
 * and written as soon as there is room; only beyond that bound are new records dropped, counted and
 * reported.
 */
import {
  distanceBytes,
  entrySizeBytes,
  maximumEntryBytes,
  RecordJournal,
} from './record-journal.ts';

/**
 * `journaled`: survives the death of the process. `held`: in memory until the ring has room.
 * `dropped`: lost, because ring and memory are full or the record is larger than any entry may be.
 */
export type AppendResult = 'journaled' | 'held' | 'dropped';

/** The journal's trouble begins, lasts and ends: told once per change, not once per record. */
export type JournalCondition = 'writing' | 'holding' | 'dropping';

export interface JournalWriterOptions {
  /** The mapped file: `journalFileBytes(capacity)` long. */
  readonly buffer: ArrayBufferLike;
  /** Bytes of text held in memory while the ring is full. */
  readonly maximumHeldBytes?: number;
  /** Told when the condition changes. */
  readonly onCondition: (condition: JournalCondition, statistics: JournalStatistics) => void;
}

export interface JournalStatistics {
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly appended: number;
  /** Complete entries of a process that died before it could publish them. */
  readonly recovered: number;
  readonly held: number;
  readonly heldBytes: number;
  readonly dropped: number;
}

const defaultMaximumHeldBytes = 16 * 1024 * 1024;

export class RecordJournalWriter {
  readonly #journal: RecordJournal;
  readonly #maximumHeldBytes: number;
  readonly #onCondition: JournalWriterOptions['onCondition'];
  readonly #recovered: number;
  #held: string[] = [];
  #heldBytes = 0;
  #appended = 0;
  #dropped = 0;
  #condition: JournalCondition = 'writing';

  /** Throws JournalError when the buffer holds something else than a journal. */
  constructor(options: JournalWriterOptions) {
    this.#journal = RecordJournal.open(options.buffer);
    this.#maximumHeldBytes = options.maximumHeldBytes ?? defaultMaximumHeldBytes;
    this.#onCondition = options.onCondition;
    this.#recovered = this.#journal.recover();
  }

  append(text: string): AppendResult {
    const lengthBytes = Buffer.byteLength(text, 'utf8');
    if (
      lengthBytes > maximumEntryBytes ||
      entrySizeBytes(lengthBytes) > this.#journal.capacityBytes
    ) {
      return this.#drop();
    }
    this.flush();
    if (this.#held.length === 0 && this.#tryWrite(text, lengthBytes)) {
      this.#become('writing');
      return 'journaled';
    }
    if (this.#heldBytes + lengthBytes > this.#maximumHeldBytes) {
      return this.#drop();
    }
    this.#held.push(text);
    this.#heldBytes += lengthBytes;
    this.#become('holding');
    return 'held';
  }

  /**
   * Moves held records into the ring as far as there is room; call it now and then while something
   * is held. Returns how many are still held.
   */
  flush(): number {
    if (this.#held.length === 0) {
      return 0;
    }
    let moved = 0;
    for (const text of this.#held) {
      const lengthBytes = Buffer.byteLength(text, 'utf8');
      if (!this.#tryWrite(text, lengthBytes)) {
        break;
      }
      this.#heldBytes -= lengthBytes;
      moved += 1;
    }
    if (moved > 0) {
      this.#held = this.#held.slice(moved);
      this.#become(this.#held.length === 0 ? 'writing' : 'holding');
    }
    return this.#held.length;
  }

  statistics(): JournalStatistics {
    return {
      capacityBytes: this.#journal.capacityBytes,
      usedBytes: this.#journal.usedBytes,
      appended: this.#appended,
      recovered: this.#recovered,
      held: this.#held.length,
      heldBytes: this.#heldBytes,
      dropped: this.#dropped,
    };
  }

  #tryWrite(text: string, lengthBytes: number): boolean {
    const position = this.#journal.writePosition;
    const end = position + entrySizeBytes(lengthBytes);
    if (distanceBytes(this.#journal.readPosition, end) > this.#journal.capacityBytes) {
      return false;
    }
    this.#journal.writeEntry(position, text, lengthBytes);
    this.#journal.writePosition = end;
    this.#appended += 1;
    return true;
  }

  #drop(): 'dropped' {
    this.#dropped += 1;
    this.#become('dropping');
    return 'dropped';
  }

  #become(condition: JournalCondition): void {
    if (condition !== this.#condition) {
      this.#condition = condition;
      this.#onCondition(condition, this.statistics());
    }
  }
}
