import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  journalFileBytes,
  JournalError,
  maximumEntryBytes,
} from '../../../system/records/record-journal.ts';
import { RecordJournalReader } from '../../../system/records/record-journal-reader.ts';
import {
  RecordJournalWriter,
  type JournalCondition,
} from '../../../system/records/record-journal-writer.ts';

const capacityBytes = 4096;

function createBuffer(): ArrayBuffer {
  return new ArrayBuffer(journalFileBytes(capacityBytes));
}

function createWriter(buffer: ArrayBufferLike, maximumHeldBytes = 0): RecordJournalWriter {
  return new RecordJournalWriter({ buffer, maximumHeldBytes, onCondition: () => undefined });
}

function drain(buffer: ArrayBufferLike): string[] {
  const reader = new RecordJournalReader(buffer);
  const batch = reader.peek(10_000);
  reader.advance(batch.end);
  return [...batch.texts];
}

/**
 * Every state in which the death of the process may leave the memory between `before` and `after`:
 * the entry's bytes one by one, then the write position, which is one aligned store.
 */
function* crashStates(before: Uint8Array, after: Uint8Array): Generator<ArrayBuffer> {
  const state = Uint8Array.from(before);
  for (const [index, value] of after.entries()) {
    if (index >= 64 && state[index] !== value) {
      yield state.slice().buffer;
      state[index] = value;
    }
  }
  yield state.slice().buffer;
  yield after.slice().buffer;
}

describe('record journal', () => {
  test('gives back what was appended, over many laps and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ maxLength: 900, unit: 'grapheme' }), fc.boolean()), {
          maxLength: 60,
        }),
        (steps) => {
          const buffer = createBuffer();
          const writer = createWriter(buffer);
          const expected: string[] = [];
          const read: string[] = [];
          for (const [text, drainsFirst] of steps) {
            if (drainsFirst) {
              read.push(...drain(buffer));
            }
            if (writer.append(text) === 'journaled') {
              expected.push(text);
            }
          }
          read.push(...drain(buffer));
          expect(read).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('keeps its positions right where they pass 2^31 and 2^32', () => {
    const buffer = createBuffer();
    const positions = new Int32Array(buffer, 16, 2);
    createWriter(buffer);
    for (const start of [0x7fff_ff00, 0xffff_ff00]) {
      positions.fill(start | 0);
      const writer = createWriter(buffer);
      const texts = Array.from({ length: 40 }, (_, index) => `record ${String(index)} `.repeat(4));
      const read: string[] = [];
      for (const text of texts) {
        expect(writer.append(text)).toBe('journaled');
        read.push(...drain(buffer));
      }
      expect(read).toEqual(texts);
    }
  });

  test('[DIAG-009] loses no appended record when the process dies at any byte of a later append', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 400 }), { minLength: 1, maxLength: 20 }),
        fc.string({ minLength: 1, maxLength: 200 }),
        fc.nat({ max: 255 }),
        (texts, last, laps) => {
          const buffer = createBuffer();
          let writer = createWriter(buffer);
          const positions = new Int32Array(buffer, 16, 2);
          positions.fill(laps * 16);
          writer = createWriter(buffer);
          const stored: string[] = [];
          for (const text of texts) {
            if (writer.append(text) === 'journaled') {
              stored.push(text);
            }
          }
          // Makes room, as a reader that stored the first half does.
          const reader = new RecordJournalReader(buffer);
          const half = reader.peek(Math.floor(stored.length / 2));
          reader.advance(half.end);
          const waiting = stored.slice(half.texts.length);

          const before = new Uint8Array(buffer.slice(0));
          if (writer.append(last) !== 'journaled') {
            return;
          }
          const after = new Uint8Array(buffer.slice(0));
          for (const state of crashStates(before, after)) {
            const next = createWriter(state);
            const recovered = next.statistics().recovered;
            expect(next.append('first of the new life')).not.toBe('held');
            const read = drain(state);
            expect(read.slice(0, waiting.length)).toEqual(waiting);
            expect(read.slice(waiting.length, waiting.length + recovered)).toEqual(
              recovered === 1 ? [last] : [],
            );
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('steps over entries that a power failure tore, and finds the ones behind them', () => {
    const buffer = createBuffer();
    const writer = createWriter(buffer);
    const texts = ['one', 'two '.repeat(30), 'three', 'four'];
    texts.forEach((text) => writer.append(text));
    const bytes = new Uint8Array(buffer);
    const sizes = texts.map((text) => Math.ceil((16 + text.length) / 16) * 16);
    const second = 64 + (sizes[0] ?? 0);

    for (let index = 0; index < (sizes[1] ?? 0); index += 1) {
      const torn = bytes.slice();
      torn[second + index] = (torn[second + index] ?? 0) ^ 0x41;
      const batch = new RecordJournalReader(torn.buffer).peek(10);
      const isPadding = index >= 16 + (texts[1] ?? '').length;
      expect(batch.texts).toEqual(isPadding ? texts : ['one', 'three', 'four']);
      expect(batch.damaged).toBe(isPadding ? 0 : 1);
      expect(batch.hasMore).toBe(false);
    }
  });

  test('reads again what was not given back', () => {
    const buffer = createBuffer();
    const writer = createWriter(buffer);
    writer.append('one');
    writer.append('two');
    const reader = new RecordJournalReader(buffer);

    expect(reader.peek(1)).toMatchObject({ texts: ['one'], hasMore: true });
    expect(new RecordJournalReader(buffer).peek(10).texts).toEqual(['one', 'two']);
    reader.advance(reader.peek(1).end);
    expect(reader.peek(10).texts).toEqual(['two']);
  });

  test('holds records in memory while the ring is full, then drops and says so once', () => {
    const buffer = createBuffer();
    const conditions: JournalCondition[] = [];
    const writer = new RecordJournalWriter({
      buffer,
      maximumHeldBytes: 2000,
      onCondition: (condition) => conditions.push(condition),
    });
    const texts = Array.from({ length: 10 }, (_, index) => String(index).repeat(900));

    expect(texts.map((text) => writer.append(text))).toEqual([
      ...Array<string>(4).fill('journaled'),
      ...Array<string>(2).fill('held'),
      ...Array<string>(4).fill('dropped'),
    ]);
    expect(writer.statistics()).toMatchObject({
      appended: 4,
      held: 2,
      heldBytes: 1800,
      dropped: 4,
    });

    expect(drain(buffer)).toEqual(texts.slice(0, 4));
    expect(writer.append('late')).toBe('journaled');
    expect(drain(buffer)).toEqual([...texts.slice(4, 6), 'late']);
    expect(conditions).toEqual(['holding', 'dropping', 'writing']);
  });

  test('refuses a record larger than any entry', () => {
    const buffer = new ArrayBuffer(journalFileBytes(2 ** 20));
    const writer = createWriter(buffer);
    expect(writer.append('x'.repeat(maximumEntryBytes + 1))).toBe('dropped');
    expect(writer.append('x'.repeat(maximumEntryBytes))).toBe('journaled');
  });

  test('refuses a file that is something else', () => {
    const text = createBuffer();
    Buffer.from(text).write('SQLite format 3');
    expect(() => new RecordJournalReader(text)).toThrow(JournalError);
    expect(() => new RecordJournalReader(new ArrayBuffer(100))).toThrow(JournalError);
    expect(() => new RecordJournalReader(new ArrayBuffer(64 + 5000))).toThrow(JournalError);
  });

  test('begins anew when the positions are impossible', () => {
    const buffer = createBuffer();
    createWriter(buffer).append('one');
    new Int32Array(buffer, 16, 2).set([999_984, 16]);
    expect(createWriter(buffer).append('two')).toBe('journaled');
    expect(drain(buffer)).toEqual(['two']);
  });
});
