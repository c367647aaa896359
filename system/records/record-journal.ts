/**
 * The ring journal in which finished call records wait between the two planes: layout, checks and
 * recovery. The call plane appends (`record-journal-writer.ts`), the management plane takes away
 * (`record-journal-reader.ts`). Both work on a memory-mapped file (MAP_SHARED) that is given from
 * outside, so an append is a copy in memory, yet survives the death of the process at any instant.
 *
 * Little endian. Header, 64 bytes:
 *
 *      0        4         8          12          16           20
 *     +--------+---------+----------+-----------+------------+-----------+---
 *     | magic  | version | capacity | CRC-32 of | write      | read      | 0…
 *     |        |         | (bytes)  | bytes 0–11| position   | position  |
 *     +--------+---------+----------+-----------+------------+-----------+---
 *
 * then `capacity` bytes (a power of two) of ring. Positions count bytes ever written and read,
 * modulo 2^32; the place in the ring is position modulo capacity. An entry begins at a multiple of
 * 16 and may run over the end of the ring; its head never does:
 *
 *      0                      4         8            12              16
 *     +----------------------+---------+------------+---------------+----------+---------+
 *     | entry magic XOR      | length  | CRC-32 of  | CRC-32 of     | payload  | padding |
 *     | position             | (bytes) | payload    | bytes 0–11    |          | to 16   |
 *     +----------------------+---------+------------+---------------+----------+---------+
 *
 * The position inside the head tells an entry of this lap from what an earlier lap left behind.
 */
import { crc32 } from 'node:zlib';
import { AppError } from '../foundation/app-error.ts';

export const journalHeaderBytes = 64;
export const entryAlignmentBytes = 16;
const entryHeadBytes = 16;

const journalMagic = 0x4c4a5243; // "CRJL"
const journalVersion = 1;
const entryMagic = 0x59525443; // "CTRY"

const minimumCapacityBytes = 4096;
/** Half of what the positions can tell apart, so that `write - read` is never ambiguous. */
const maximumCapacityBytes = 2 ** 30;

/** Of one record: a call with dozens of targets and its whole story takes a tenth of this. */
export const maximumEntryBytes = 256 * 1024;

/** `bad-size`: the buffer cannot be a journal. `not-a-journal`: other content or a newer version. */
export type JournalErrorCode = 'bad-size' | 'not-a-journal';
export class JournalError extends AppError<JournalErrorCode> {}

/** An entry whose head and payload passed their checks. */
export interface JournalEntry {
  readonly lengthBytes: number;
  /** Position just behind the entry, padding included. */
  readonly end: number;
}

/** Bytes an entry occupies in the ring. */
export function entrySizeBytes(payloadBytes: number): number {
  return (entryHeadBytes + payloadBytes + entryAlignmentBytes - 1) & -entryAlignmentBytes;
}

/** Size of the file for a ring of `capacityBytes`. */
export function journalFileBytes(capacityBytes: number): number {
  return journalHeaderBytes + capacityBytes;
}

/** The bytes of a journal with their meaning; knows nothing of who reads or writes. */
export class RecordJournal {
  readonly capacityBytes: number;
  readonly #positions: Int32Array;
  readonly #ring: Buffer;

  private constructor(buffer: ArrayBufferLike, capacityBytes: number) {
    this.capacityBytes = capacityBytes;
    this.#positions = new Int32Array(buffer, 16, 2);
    this.#ring = Buffer.from(buffer, journalHeaderBytes, capacityBytes);
  }

  /**
   * Opens what the mapped file holds; a file of zeros becomes an empty journal. Throws JournalError
   * when it holds something else: the caller puts that file aside and begins a new one.
   */
  static open(buffer: ArrayBufferLike): RecordJournal {
    const capacityBytes = buffer.byteLength - journalHeaderBytes;
    if (
      capacityBytes < minimumCapacityBytes ||
      capacityBytes > maximumCapacityBytes ||
      (capacityBytes & (capacityBytes - 1)) !== 0
    ) {
      throw new JournalError('bad-size', 'A journal is 64 bytes and a power of two long', {
        details: { byteLength: buffer.byteLength },
      });
    }
    const header = Buffer.from(buffer, 0, journalHeaderBytes);
    const expected = Buffer.alloc(16);
    expected.writeUInt32LE(journalMagic, 0);
    expected.writeUInt32LE(journalVersion, 4);
    expected.writeUInt32LE(capacityBytes, 8);
    expected.writeUInt32LE(crc32(expected.subarray(0, 12)), 12);
    // New, or both ends are opening a new one at this moment: they write the same, the magic last.
    const isNew =
      header.readUInt32LE(0) === 0 &&
      header.every((byte, index) => byte === 0 || byte === expected[index]);
    if (isNew) {
      expected.copy(header, 4, 4);
      header.writeUInt32LE(journalMagic, 0);
    } else if (!header.subarray(0, 16).equals(expected)) {
      throw new JournalError('not-a-journal', 'The file is not a record journal of this version');
    }
    return new RecordJournal(buffer, capacityBytes);
  }

  get writePosition(): number {
    return Atomics.load(this.#positions, 0);
  }

  /** Publishes everything before `position` to the reader. */
  set writePosition(position: number) {
    Atomics.store(this.#positions, 0, position | 0);
  }

  get readPosition(): number {
    return Atomics.load(this.#positions, 1);
  }

  /** Gives everything before `position` back to the writer. */
  set readPosition(position: number) {
    Atomics.store(this.#positions, 1, position | 0);
  }

  /** Bytes between the reader and the writer. */
  get usedBytes(): number {
    return distanceBytes(this.readPosition, this.writePosition);
  }

  /** Writes an entry at `position` without publishing it; the space must be free. */
  writeEntry(position: number, text: string, payloadBytes: number): void {
    const headAt = this.#placeOf(position);
    const payloadAt = this.#placeOf(position + entryHeadBytes);
    if (payloadAt + payloadBytes <= this.capacityBytes) {
      this.#ring.write(text, payloadAt, payloadBytes, 'utf8');
    } else {
      const payload = Buffer.from(text, 'utf8');
      const beforeEnd = this.capacityBytes - payloadAt;
      payload.copy(this.#ring, payloadAt, 0, beforeEnd);
      payload.copy(this.#ring, 0, beforeEnd);
    }
    const checksum = this.#checksumAt(payloadAt, payloadBytes);
    this.#ring.writeInt32LE((entryMagic ^ position) | 0, headAt);
    this.#ring.writeUInt32LE(payloadBytes, headAt + 4);
    this.#ring.writeUInt32LE(checksum, headAt + 8);
    this.#ring.writeUInt32LE(crc32(this.#ring.subarray(headAt, headAt + 12)), headAt + 12);
  }

  /** The entry that begins at `position`, or undefined when none does or it is damaged. */
  findEntry(position: number): JournalEntry | undefined {
    const headAt = this.#placeOf(position);
    if (this.#ring.readInt32LE(headAt) !== ((entryMagic ^ position) | 0)) {
      return undefined;
    }
    const lengthBytes = this.#ring.readUInt32LE(headAt + 4);
    const headChecksum = crc32(this.#ring.subarray(headAt, headAt + 12));
    if (
      this.#ring.readUInt32LE(headAt + 12) !== headChecksum ||
      lengthBytes > maximumEntryBytes ||
      entrySizeBytes(lengthBytes) > this.capacityBytes
    ) {
      return undefined;
    }
    const payloadAt = this.#placeOf(position + entryHeadBytes);
    if (this.#ring.readUInt32LE(headAt + 8) !== this.#checksumAt(payloadAt, lengthBytes)) {
      return undefined;
    }
    return { lengthBytes, end: (position + entrySizeBytes(lengthBytes)) | 0 };
  }

  /** The text of an entry that `findEntry` found at `position`. */
  readText(position: number, lengthBytes: number): string {
    const payloadAt = this.#placeOf(position + entryHeadBytes);
    const end = payloadAt + lengthBytes;
    if (end <= this.capacityBytes) {
      return this.#ring.toString('utf8', payloadAt, end);
    }
    return Buffer.concat([
      this.#ring.subarray(payloadAt),
      this.#ring.subarray(0, end - this.capacityBytes),
    ]).toString('utf8');
  }

  /**
   * Brings the positions of a journal in order that a dead process or a power failure left behind:
   * complete entries behind the write position count as written (the process died before it could
   * publish them), impossible positions begin anew. Only the writer calls this, before its first
   * append. Returns the number of entries won back.
   */
  recover(): number {
    const aligned = ((this.writePosition | this.readPosition) & (entryAlignmentBytes - 1)) === 0;
    if (!aligned || this.usedBytes > this.capacityBytes) {
      this.readPosition = 0;
      this.writePosition = 0;
      this.#ring.fill(0);
      return 0;
    }
    let recovered = 0;
    let position = this.writePosition;
    for (;;) {
      const entry = this.findEntry(position);
      if (entry === undefined || distanceBytes(this.readPosition, entry.end) > this.capacityBytes) {
        break;
      }
      position = entry.end;
      recovered += 1;
    }
    this.writePosition = position;
    return recovered;
  }

  #placeOf(position: number): number {
    return position & (this.capacityBytes - 1);
  }

  #checksumAt(place: number, lengthBytes: number): number {
    const end = place + lengthBytes;
    if (end <= this.capacityBytes) {
      return crc32(this.#ring.subarray(place, end));
    }
    const first = crc32(this.#ring.subarray(place));
    return crc32(this.#ring.subarray(0, end - this.capacityBytes), first);
  }
}

/** How far `to` is ahead of `from`, both modulo 2^32. */
export function distanceBytes(from: number, to: number): number {
  return (to - from) >>> 0;
}
