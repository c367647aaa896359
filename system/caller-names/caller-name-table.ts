/**
 * Names by number for the call plane: compiled by the management plane into shared memory, read with
 * one hash look-up per call, without decoding the rest. Integers are in the machine's byte order.
 *
 * ```
 * header    16 x u32   see `field`
 * numbers   2^n slots of 2 x u32: hash, offset of the record; 0: empty slot
 * readers   the same, of keys `<book> <user id>`: who may see a book that is not for everyone
 * books     u8 each: 1 = for everyone
 * plan      JSON, UTF-8
 * records   number: string key | u8 count | count x (u16 book, string name)
 *           reader: string key
 * string    u16 length in bytes | UTF-8
 * ```
 */
import { hashKey, slotsFor } from '../configuration/snapshot/snapshot-format.ts';
import { toLookupKey, type NumberPlan } from './lookup-key.ts';

/** A book of which names are shown. */
export interface NamedBook {
  /** Undefined: everyone. */
  readonly readers: readonly string[] | undefined;
}

export interface NamedNumber {
  readonly key: string;
  /** Index in the list of books. */
  readonly book: number;
  readonly name: string;
}

const magic = 0x434e414d;
const headerFields = 16;
const field = {
  magic: 0,
  sizeBytes: 1,
  numberSlots: 2,
  numbersOffset: 3,
  readerSlots: 4,
  readersOffset: 5,
  booksOffset: 6,
  planOffset: 7,
  planBytes: 8,
} as const;

const slotFields = 2;
/** Several people share the number of a switchboard; more names than this say nothing. */
const maximumNames = 8;
const maximumNameCharacters = 80;

export interface CallerNamesInput {
  readonly plan: NumberPlan;
  readonly books: readonly NamedBook[];
}

/** Collects numbers, in the order in which they count, and then compiles them. */
export class CallerNamesCompiler {
  readonly #input: CallerNamesInput;
  readonly #numbers = new Map<string, NamedNumber[]>();

  constructor(input: CallerNamesInput) {
    this.#input = input;
  }

  get size(): number {
    return this.#numbers.size;
  }

  add(number: NamedNumber): void {
    const named = this.#numbers.get(number.key);
    if (named === undefined) {
      this.#numbers.set(number.key, [number]);
    } else if (named.length < maximumNames) {
      named.push(number);
    }
  }

  compile(): SharedArrayBuffer {
    const { plan, books } = this.#input;
    const records = new RecordWriter();
    const numbers: Entry[] = [];
    for (const [key, named] of this.#numbers) {
      numbers.push({ hash: hashKey(key), record: records.writeNumber(key, named) });
    }
    const readers: Entry[] = [];
    for (const [index, book] of books.entries()) {
      for (const userId of book.readers ?? []) {
        const key = readerKey(index, userId);
        readers.push({ hash: hashKey(key), record: records.writeString(key) });
      }
    }
    const planBytes = Buffer.from(JSON.stringify(plan), 'utf8');
    const numberSlots = slotsFor(numbers.length);
    const readerSlots = slotsFor(readers.length);
    const numbersOffset = headerFields * 4;
    const readersOffset = numbersOffset + numberSlots * slotFields * 4;
    const booksOffset = readersOffset + readerSlots * slotFields * 4;
    const planOffset = booksOffset + books.length;
    const recordsOffset = planOffset + planBytes.length;
    const sizeBytes = recordsOffset + records.sizeBytes;

    const buffer = new SharedArrayBuffer(sizeBytes);
    const bytes = new Uint8Array(buffer);
    const header = new Uint32Array(buffer, 0, headerFields);
    header[field.magic] = magic;
    header[field.sizeBytes] = sizeBytes;
    header[field.numberSlots] = numberSlots;
    header[field.numbersOffset] = numbersOffset;
    header[field.readerSlots] = readerSlots;
    header[field.readersOffset] = readersOffset;
    header[field.booksOffset] = booksOffset;
    header[field.planOffset] = planOffset;
    header[field.planBytes] = planBytes.length;
    fillTable(
      new Uint32Array(buffer, numbersOffset, numberSlots * slotFields),
      numbers,
      recordsOffset,
    );
    fillTable(
      new Uint32Array(buffer, readersOffset, readerSlots * slotFields),
      readers,
      recordsOffset,
    );
    for (const [index, book] of books.entries()) {
      bytes[booksOffset + index] = book.readers === undefined ? 1 : 0;
    }
    bytes.set(planBytes, planOffset);
    records.copyTo(bytes, recordsOffset);
    return buffer;
  }
}

export class CallerNames {
  readonly #bytes: Buffer;
  readonly #header: Uint32Array;
  readonly #numbers: Uint32Array;
  readonly #readers: Uint32Array;
  readonly #plan: NumberPlan;

  /** Throws Error when the buffer is something else: a bug. */
  constructor(buffer: SharedArrayBuffer) {
    this.#header = new Uint32Array(buffer, 0, headerFields);
    if (this.#at('magic') !== magic || this.#at('sizeBytes') !== buffer.byteLength) {
      throw new Error('the buffer does not hold a whole table of names');
    }
    this.#bytes = Buffer.from(buffer);
    const table = (offset: number, slots: number) =>
      new Uint32Array(buffer, offset, slots * slotFields);
    this.#numbers = table(this.#at('numbersOffset'), this.#at('numberSlots'));
    this.#readers = table(this.#at('readersOffset'), this.#at('readerSlots'));
    const planOffset = this.#at('planOffset');
    this.#plan = JSON.parse(
      this.#bytes.toString('utf8', planOffset, planOffset + this.#at('planBytes')),
    ) as NumberPlan;
  }

  /**
   * The name of a number as this reader's phonebooks have it. `isInternal`: the number is one of this
   * system. Without a reader only books for everyone count.
   */
  find(number: string, isInternal: boolean, reader: string | undefined): string | undefined {
    const key = toLookupKey(number, this.#plan, isInternal);
    const record = key === '' ? 0 : this.#findRecord(this.#numbers, key);
    if (record === 0) {
      return undefined;
    }
    let offset = this.#behindString(record);
    const count = this.#bytes[offset] ?? 0;
    offset += 1;
    for (let index = 0; index < count; index += 1) {
      const book = this.#bytes.readUInt16LE(offset);
      if (this.#maySee(book, reader)) {
        return this.#stringAt(offset + 2);
      }
      offset = this.#behindString(offset + 2);
    }
    return undefined;
  }

  #maySee(book: number, reader: string | undefined): boolean {
    return (
      this.#bytes[this.#at('booksOffset') + book] === 1 ||
      (reader !== undefined && this.#findRecord(this.#readers, readerKey(book, reader)) !== 0)
    );
  }

  #findRecord(table: Uint32Array, key: string): number {
    const mask = table.length / slotFields - 1;
    const hash = hashKey(key);
    let slot = hash & mask;
    for (;;) {
      const record = table[slot * slotFields + 1] ?? 0;
      if (record === 0) {
        return 0;
      }
      if (table[slot * slotFields] === hash && this.#stringAt(record) === key) {
        return record;
      }
      slot = (slot + 1) & mask;
    }
  }

  #at(name: keyof typeof field): number {
    return this.#header[field[name]] ?? 0;
  }

  #stringAt(offset: number): string {
    return this.#bytes.toString('utf8', offset + 2, this.#behindString(offset));
  }

  #behindString(offset: number): number {
    return offset + 2 + this.#bytes.readUInt16LE(offset);
  }
}

interface Entry {
  readonly hash: number;
  /** From the start of the records. */
  readonly record: number;
}

/** Records one behind the other, in a buffer that grows. */
class RecordWriter {
  #bytes = Buffer.allocUnsafe(65_536);
  #end = 0;

  get sizeBytes(): number {
    return this.#end;
  }

  writeNumber(key: string, named: readonly NamedNumber[]): number {
    const start = this.writeString(key);
    this.#makeRoom(1);
    this.#bytes[this.#end] = named.length;
    this.#end += 1;
    for (const { book, name } of named) {
      this.#makeRoom(2);
      this.#bytes.writeUInt16LE(book, this.#end);
      this.#end += 2;
      this.writeString(name.slice(0, maximumNameCharacters));
    }
    return start;
  }

  writeString(text: string): number {
    const start = this.#end;
    this.#makeRoom(2 + 3 * text.length);
    const length = this.#bytes.write(text, start + 2, 'utf8');
    this.#bytes.writeUInt16LE(length, start);
    this.#end = start + 2 + length;
    return start;
  }

  copyTo(target: Uint8Array, offset: number): void {
    target.set(this.#bytes.subarray(0, this.#end), offset);
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + bytes));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
  }
}

function fillTable(table: Uint32Array, entries: readonly Entry[], recordsOffset: number): void {
  const mask = table.length / slotFields - 1;
  for (const { hash, record } of entries) {
    let slot = hash & mask;
    while (table[slot * slotFields + 1] !== 0) {
      slot = (slot + 1) & mask;
    }
    table[slot * slotFields] = hash;
    table[slot * slotFields + 1] = recordsOffset + record;
  }
}

function readerKey(book: number, userId: string): string {
  return `${String(book)} ${userId}`;
}
