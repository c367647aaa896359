/**
 * The part of BER (X.690) that LDAP uses (RFC 4511 §5.1): definite lengths, one byte of tag, no
 * constructed strings. Every read is checked against the end of what encloses it.
 */
import { LdapError } from './ldap-error.ts';

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface BerHeader {
  readonly tag: number;
  /** Bytes of tag and length. */
  readonly headerBytes: number;
  readonly valueBytes: number;
}

/** Undefined while bytes are missing. Throws LdapError. */
export function readHeader(bytes: Buffer, offset = 0): BerHeader | undefined {
  const first = bytes[offset];
  const length = bytes[offset + 1];
  if (first === undefined || length === undefined) {
    return undefined;
  }
  if ((first & 0x1f) === 0x1f) {
    throw new LdapError('malformed', 'a tag of several bytes');
  }
  if (length < 0x80) {
    return { tag: first, headerBytes: 2, valueBytes: length };
  }
  const lengthBytes = length & 0x7f;
  if (lengthBytes === 0 || lengthBytes > 4) {
    throw new LdapError('malformed', 'an indefinite or enormous length');
  }
  if (offset + 2 + lengthBytes > bytes.length) {
    return undefined;
  }
  return {
    tag: first,
    headerBytes: 2 + lengthBytes,
    valueBytes: bytes.readUIntBE(offset + 2, lengthBytes),
  };
}

/** Reads elements one after the other, up to the end of the element that holds them. */
export class BerReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** Tag of the next element; undefined at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** The next element's value, whatever its tag. */
  readAny(): { readonly tag: number; readonly value: Buffer } {
    const header = readHeader(this.#bytes, this.#offset);
    const start = this.#offset + (header?.headerBytes ?? 0);
    if (header === undefined || start + header.valueBytes > this.#bytes.length) {
      throw new LdapError('malformed', 'an element ends too early');
    }
    this.#offset = start + header.valueBytes;
    return { tag: header.tag, value: this.#bytes.subarray(start, this.#offset) };
  }

  readValue(expected: number): Buffer {
    const { tag: found, value } = this.readAny();
    if (found !== expected) {
      throw new LdapError('malformed', `tag ${String(found)} instead of ${String(expected)}`);
    }
    return value;
  }

  readSequence(expected: number = tag.sequence): BerReader {
    return new BerReader(this.readValue(expected));
  }

  readString(expected: number = tag.octetString): string {
    return this.readValue(expected).toString('utf8');
  }

  /** Also enumerated values. At most 4 bytes. */
  readInteger(expected: number = tag.integer): number {
    const value = this.readValue(expected);
    if (value.length === 0 || value.length > 4) {
      throw new LdapError('malformed', 'an integer of no or too many bytes');
    }
    return value.readIntBE(0, value.length);
  }

  readBoolean(expected: number = tag.boolean): boolean {
    const value = this.readValue(expected);
    if (value.length !== 1) {
      throw new LdapError('malformed', 'a boolean of another length than one byte');
    }
    return value[0] !== 0;
  }
}

export function berElement(elementTag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const values = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part));
  const sizeBytes = values.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([Buffer.from([elementTag, ...encodeLength(sizeBytes)]), ...values]);
}

export function berInteger(value: number, elementTag: number = tag.integer): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.unshift(rest & 0xff);
    rest >>= 8;
  } while (rest > 0);
  if (((bytes[0] ?? 0) & 0x80) !== 0) {
    bytes.unshift(0);
  }
  return berElement(elementTag, Buffer.from(bytes));
}

function encodeLength(sizeBytes: number): number[] {
  if (sizeBytes < 0x80) {
    return [sizeBytes];
  }
  const bytes: number[] = [];
  for (let rest = sizeBytes; rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest & 0xff);
  }
  return [0x80 | bytes.length, ...bytes];
}
