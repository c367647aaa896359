/**
 * The management plane's end of the record journal: looks at what waits, and gives the space back
 * after it was stored. Reading and giving back are two steps, so that a reader that dies between
 * them reads the same entries again: storing must be idempotent.
 */
import { distanceBytes, entryAlignmentBytes, RecordJournal } from './record-journal.ts';

export interface JournalBatch {
  readonly texts: readonly string[];
  /** Stretches of damaged bytes that were stepped over. */
  readonly damaged: number;
  /** Pass to `advance` once the texts are stored. */
  readonly end: number;
  /** Whether more waits behind `end`. */
  readonly hasMore: boolean;
}

export class RecordJournalReader {
  readonly #journal: RecordJournal;

  /** Throws JournalError when the buffer holds something else than a journal. */
  constructor(buffer: ArrayBufferLike) {
    this.#journal = RecordJournal.open(buffer);
  }

  /** Up to `limit` entries from the oldest on. Damaged bytes are stepped over and counted. */
  peek(limit: number): JournalBatch {
    const end = this.#journal.writePosition;
    let position = this.#journal.readPosition;
    const texts: string[] = [];
    let damaged = 0;
    let isInDamage = false;
    while (texts.length < limit && position !== end) {
      const entry = this.#journal.findEntry(position);
      const isWhole =
        entry !== undefined && distanceBytes(position, entry.end) <= distanceBytes(position, end);
      if (isWhole) {
        texts.push(this.#journal.readText(position, entry.lengthBytes));
        position = entry.end;
      } else {
        // Only entries begin at multiples of 16, so looking there finds the next one.
        position = (position + entryAlignmentBytes) | 0;
        damaged += isInDamage ? 0 : 1;
      }
      isInDamage = !isWhole;
    }
    return { texts, damaged, end: position, hasMore: position !== end };
  }

  /** Gives everything before `end` back to the writer. */
  advance(end: number): void {
    this.#journal.readPosition = end;
  }
}
