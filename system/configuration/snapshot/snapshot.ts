/**
 * The configuration as the call plane reads it: a view on compiled shared bytes. Opening one costs
 * the same for ten users as for ten thousand; users are decoded when they are asked for.
 */
import type { UserId } from '../../foundation/ids.ts';
import type { NumberOwner, RoutingConfiguration } from '../../routing/route-call.ts';
import type { Settings } from '../entities/settings.ts';
import { BoundedCache } from './bounded-cache.ts';
import {
  formatVersion,
  ha1Md5Bytes,
  hashKey,
  headerBytes,
  headerField,
  headerFields,
  magic,
  recordKind,
  services,
  slotFields,
  SnapshotError,
  userFixedBytes,
  userFlag,
} from './snapshot-format.ts';

/** Decoded users, numbers and accounts that are kept, each. */
const maxCached = 4096;

/** A user as the call plane sees it. */
export interface UserRecord {
  readonly userId: UserId;
  readonly name: string;
  /** Empty for an administrator without a number. */
  readonly extension: string;
  /** Empty when there is none. */
  readonly sipUsername: string;
  readonly aliases: readonly string[];
  /** A disabled user cannot register or call; calls to it find it not available. */
  readonly enabled: boolean;
}

export interface SipAccount {
  /** Whose address-of-record it registers; of an unassigned device an id that no user has. */
  readonly userId: UserId;
  /** As it is configured: what the digest hashes were made with. */
  readonly username: string;
  /** MAC of the device whose own account this is; undefined for the account of the user. */
  readonly device: string | undefined;
  /** Lower-case hexadecimal. */
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

export class Snapshot implements RoutingConfiguration {
  readonly revision: number;
  readonly settings: Settings;
  readonly userCount: number;
  readonly #bytes: Buffer;
  readonly #userTable: TableReader;
  readonly #numberTable: TableReader;
  readonly #sipTable: TableReader;
  readonly #users = new BoundedCache<UserRecord>(maxCached);
  readonly #numbers = new BoundedCache<NumberOwner>(maxCached);
  readonly #sipAccounts = new BoundedCache<SipAccount>(maxCached);

  /** Throws SnapshotError `not-a-snapshot` or `other-format`. */
  constructor(buffer: SharedArrayBuffer) {
    const header = buffer.byteLength < headerBytes ? [] : new Uint32Array(buffer, 0, headerFields);
    if (
      header[headerField.magic] !== magic ||
      header[headerField.sizeBytes] !== buffer.byteLength
    ) {
      throw new SnapshotError('not-a-snapshot', 'the buffer does not hold a whole snapshot');
    }
    if (header[headerField.formatVersion] !== formatVersion) {
      throw new SnapshotError('other-format', 'the snapshot was compiled by another version');
    }
    const at = (field: keyof typeof headerField): number => header[headerField[field]] ?? 0;
    this.#bytes = Buffer.from(buffer);
    this.revision = at('revision');
    this.userCount = at('userCount');
    this.#userTable = new TableReader(buffer, at('userTableOffset'), at('userTableSlots'));
    this.#numberTable = new TableReader(buffer, at('numberTableOffset'), at('numberTableSlots'));
    this.#sipTable = new TableReader(buffer, at('sipTableOffset'), at('sipTableSlots'));
    const settingsOffset = at('settingsOffset');
    const settingsText = this.#bytes.toString(
      'utf8',
      settingsOffset,
      settingsOffset + at('settingsBytes'),
    );
    this.settings = Object.freeze(JSON.parse(settingsText) as Settings);
  }

  /** Decoded entries held now; bounded, whatever is asked for. */
  get cachedEntries(): number {
    return this.#users.size + this.#numbers.size + this.#sipAccounts.size;
  }

  findUser(userId: UserId): UserRecord | undefined {
    const cached = this.#users.get(userId);
    if (cached !== undefined) {
      return cached;
    }
    const record = this.#userTable.find(userId, true);
    if (record === 0) {
      return undefined;
    }
    const user = this.#decodeUser(record);
    this.#users.set(userId, user);
    return user;
  }

  /** Whose number or name this is; upper and lower case are the same. */
  findNumber(number: string): NumberOwner | undefined {
    const cached = this.#numbers.get(number);
    if (cached !== undefined) {
      return cached;
    }
    const record = this.#numberTable.find(number, false);
    if (record === 0) {
      return undefined;
    }
    const owner = this.#decodeOwner(record);
    this.#numbers.set(number, owner);
    return owner;
  }

  /** Of an enabled user or of a device; upper and lower case are the same. */
  findSipAccount(username: string): SipAccount | undefined {
    const cached = this.#sipAccounts.get(username);
    if (cached !== undefined) {
      return cached;
    }
    const record = this.#sipTable.find(username, false);
    if (record === 0) {
      return undefined;
    }
    const account = this.#decodeSipAccount(record);
    this.#sipAccounts.set(username, account);
    return account;
  }

  #decodeOwner(record: number): NumberOwner {
    if (this.#bytes[record] === recordKind.user) {
      const userId = this.#stringAt(record + userFixedBytes) as UserId;
      return { kind: 'user', userId };
    }
    if (this.#bytes[record] === recordKind.deviceAccount) {
      const userId = this.#stringAt(record + userFixedBytes) as UserId;
      return { kind: 'device', userId };
    }
    const service = services[this.#bytes[record + 1] ?? 0];
    if (service === undefined) {
      throw new SnapshotError('other-format', 'the snapshot names an unknown service');
    }
    return { kind: 'service', service };
  }

  #decodeUser(record: number): UserRecord {
    let offset = record + userFixedBytes;
    const next = (): string => {
      const text = this.#stringAt(offset);
      offset = this.#behindString(offset);
      return text;
    };
    const userId = next() as UserId;
    const name = next();
    const extension = next();
    const sipUsername = next();
    const aliasCount = this.#bytes[offset] ?? 0;
    offset += 1;
    const aliases = Array.from({ length: aliasCount }, next);
    const enabled = ((this.#bytes[record + 1] ?? 0) & userFlag.enabled) !== 0;
    return { userId, name, extension, sipUsername, aliases, enabled };
  }

  #decodeSipAccount(record: number): SipAccount {
    const id = record + userFixedBytes;
    const isOfDevice = this.#bytes[record] === recordKind.deviceAccount;
    const second = this.#behindString(id);
    const username = isOfDevice ? second : this.#behindString(this.#behindString(second));
    const ha1Md5 = record + 2;
    const ha1Sha256 = ha1Md5 + ha1Md5Bytes;
    return {
      userId: this.#stringAt(id) as UserId,
      username: this.#stringAt(username),
      device: isOfDevice ? this.#stringAt(this.#behindString(username)) : undefined,
      ha1Md5: this.#bytes.toString('hex', ha1Md5, ha1Sha256),
      ha1Sha256: this.#bytes.toString('hex', ha1Sha256, id),
    };
  }

  #stringAt(offset: number): string {
    return this.#bytes.toString('utf8', offset + 2, this.#behindString(offset));
  }

  #behindString(offset: number): number {
    return offset + 2 + this.#bytes.readUInt16LE(offset);
  }
}

class TableReader {
  readonly #bytes: Uint8Array;
  readonly #slots: Uint32Array;
  readonly #mask: number;

  constructor(buffer: SharedArrayBuffer, offset: number, slots: number) {
    this.#bytes = new Uint8Array(buffer);
    this.#slots = new Uint32Array(buffer, offset, slots * slotFields);
    this.#mask = slots - 1;
  }

  /** Offset of the record with this key; 0 when there is none. */
  find(key: string, isExact: boolean): number {
    const hash = hashKey(key);
    let slot = hash & this.#mask;
    for (;;) {
      const record = this.#slots[slot * slotFields + 2] ?? 0;
      if (record === 0) {
        return 0;
      }
      if (
        this.#slots[slot * slotFields] === hash &&
        this.#isKeyAt(this.#slots[slot * slotFields + 1] ?? 0, key, isExact)
      ) {
        return record;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Keys are ASCII, so bytes and characters are the same; other characters match nothing. */
  #isKeyAt(offset: number, key: string, isExact: boolean): boolean {
    const bytes = this.#bytes;
    const length = (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
    if (length !== key.length) {
      return false;
    }
    for (let index = 0; index < length; index += 1) {
      const stored = bytes[offset + 2 + index] ?? 0;
      const asked = key.charCodeAt(index);
      if (stored !== asked && (isExact || toLower(stored) !== toLower(asked))) {
        return false;
      }
    }
    return true;
  }
}

function toLower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}
