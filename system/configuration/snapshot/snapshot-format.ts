/**
 * The bytes of a snapshot: written by compile-snapshot.ts in the management plane, read by
 * snapshot.ts in the call plane out of the same shared memory. Integers are in the byte order of
 * the machine, because a snapshot never leaves it. Offsets count from the start of the buffer.
 *
 * ```
 * header    16 x u32   see `headerField`
 * tables    3 x (2^n slots of 3 x u32: hash, offset of the key, offset of the record)
 *           open addressing with linear probing; a record offset of 0 is an empty slot
 * settings  JSON, UTF-8
 * records   user:    u8 1 | u8 flags | HA1 MD5 (16) | HA1 SHA-256 (32) | strings: id, name,
 *                    extension, SIP user name | u8 count | aliases
 *           service: u8 2 | u8 index in `services` | string: number
 *           account: u8 3 | u8 0 | HA1 MD5 (16) | HA1 SHA-256 (32) | strings: owner, SIP account of
 *                    the device, MAC, login name (empty for the line of a user)
 * string    u16 length in bytes | UTF-8
 * ```
 *
 * A key is a string inside a record. User ids are compared exactly, numbers and SIP user names
 * without regard to the case of ASCII letters.
 */
import { AppError } from '../../foundation/app-error.ts';
import type { MediaService } from '../../media-plane/media.ts';

export const magic = 0x504e5343;
export const formatVersion = 2;
export const headerFields = 16;
export const headerBytes = headerFields * 4;

/** Index of each header field. */
export const headerField = {
  magic: 0,
  formatVersion: 1,
  revision: 2,
  sizeBytes: 3,
  settingsOffset: 4,
  settingsBytes: 5,
  userCount: 6,
  userTableOffset: 7,
  userTableSlots: 8,
  numberTableOffset: 9,
  numberTableSlots: 10,
  sipTableOffset: 11,
  sipTableSlots: 12,
} as const;

export const slotFields = 3;
export const slotBytes = slotFields * 4;

export const recordKind = { user: 1, service: 2, deviceAccount: 3 } as const;
export const userFlag = { enabled: 1, hasSipAccount: 2 } as const;

export const ha1Md5Bytes = 16;
export const ha1Sha256Bytes = 32;
/** From the start of a user or account record to its first string. */
export const userFixedBytes = 2 + ha1Md5Bytes + ha1Sha256Bytes;
/** From the start of a service record to its string. */
export const serviceFixedBytes = 2;

/** Services by their index in a record: only ever appended to. */
export const services: readonly MediaService[] = ['echo', 'milliwatt'];

export class SnapshotError extends AppError<'not-a-snapshot' | 'other-format'> {}

/** FNV-1a over the characters, ASCII letters folded to lower case: one hash for all tables. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    let code = key.charCodeAt(index);
    if (code >= 0x41 && code <= 0x5a) {
      code |= 0x20;
    }
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash >>> 0;
}

/** Slots for so many keys: a power of two, at most three quarters full. */
export function slotsFor(keys: number): number {
  let slots = 4;
  while (slots * 3 < keys * 4) {
    slots *= 2;
  }
  return slots;
}
