/** The hash tables of the snapshot: open addressing, each slot a hash, a string and its record. */
import { slotFields } from './snapshot-format.ts';

/** A key inside a record: `offset` from the start of the record to its string. */
export interface RecordKey {
  readonly hash: number;
  readonly offset: number;
}

export class TableWriter {
  readonly #slots: Uint32Array;
  readonly #mask: number;

  constructor(buffer: SharedArrayBuffer, offset: number, slots: number) {
    this.#slots = new Uint32Array(buffer, offset, slots * slotFields);
    this.#mask = slots - 1;
  }

  insertAll(keys: readonly RecordKey[], recordOffset: number): void {
    for (const key of keys) {
      this.insert(key, recordOffset);
    }
  }

  insert(key: RecordKey, recordOffset: number): void {
    let slot = key.hash & this.#mask;
    while (this.#slots[slot * slotFields + 2] !== 0) {
      slot = (slot + 1) & this.#mask;
    }
    this.#slots[slot * slotFields] = key.hash;
    this.#slots[slot * slotFields + 1] = recordOffset + key.offset;
    this.#slots[slot * slotFields + 2] = recordOffset;
  }
}
