/**
 * Compiles the configuration into the shared bytes that the call plane reads. The compiled form of
 * each user is kept, so a change of one user costs one encoding and copying the rest.
 */
import type { Settings } from '../entities/settings.ts';
import { serviceNumbersOf } from '../entities/settings.ts';
import { foldUserPart } from '../entities/fold-user-part.ts';
import {
  formatVersion,
  ha1Md5Bytes,
  ha1Sha256Bytes,
  hashKey,
  headerBytes,
  headerField,
  headerFields,
  magic,
  recordKind,
  serviceFixedBytes,
  services,
  slotBytes,
  slotFields,
  slotsFor,
  userFixedBytes,
  userFlag,
} from './snapshot-format.ts';

/** What the call plane has to know of a user. */
export interface SnapshotUser {
  readonly id: string;
  readonly name: string;
  readonly extension: string | undefined;
  /** The effective one: the extension when none is set. */
  readonly sipUsername: string | undefined;
  readonly aliases: readonly string[];
  readonly enabled: boolean;
  /** Digest hashes in hexadecimal; without them the user cannot register. */
  readonly ha1: { readonly md5: string; readonly sha256: string } | undefined;
}

export interface DigestHashes {
  /** Hexadecimal. */
  readonly md5: string;
  readonly sha256: string;
}

/** A SIP account of a device's own: with it the device registers for one of its users. */
export interface SnapshotDeviceAccount {
  readonly userId: string;
  /** Of the digest; never one that a user may have. */
  readonly username: string;
  readonly ha1: DigestHashes;
}

export interface SnapshotDevice {
  readonly mac: string;
  /** One per line; those of users that are not there or disabled do not work. */
  readonly accounts: readonly SnapshotDeviceAccount[];
  /** What the device registers with while none of its users is there. */
  readonly login: {
    /** By what registrations and calls of it are known: no user has this id. */
    readonly ownerId: string;
    /** `login3`: its address-of-record. */
    readonly name: string;
    readonly username: string;
    readonly ha1: DigestHashes;
  };
}

export interface SnapshotInput {
  readonly revision: number;
  readonly settings: Settings;
  readonly users: Iterable<SnapshotUser>;
  readonly devices?: Iterable<SnapshotDevice>;
}

/** Compiles everything at once. Numbers, SIP user names and ids must be unique ASCII. */
export function compileSnapshot(input: SnapshotInput): SharedArrayBuffer {
  const compiler = new SnapshotCompiler(input.settings);
  for (const user of input.users) {
    compiler.setUser(user);
  }
  for (const device of input.devices ?? []) {
    compiler.setDevice(device);
  }
  return compiler.compile(input.revision);
}

/** A key inside a record: `offset` from the start of the record to its string. */
interface RecordKey {
  readonly hash: number;
  readonly offset: number;
}

interface CompiledRecord {
  readonly bytes: Uint8Array;
  readonly numbers: readonly RecordKey[];
}

interface CompiledUser extends CompiledRecord {
  readonly id: RecordKey;
  /** Only of users that may register. */
  readonly sipUsername: RecordKey | undefined;
  readonly isEnabled: boolean;
}

interface CompiledAccount {
  readonly bytes: Uint8Array;
  readonly sipUsername: RecordKey;
}

interface CompiledDevice {
  readonly accounts: readonly (CompiledAccount & { readonly userId: string })[];
  /** Made with the first use: assigned devices need none. */
  readonly login: () => CompiledAccount & { readonly numbers: readonly RecordKey[] };
}

export class SnapshotCompiler {
  readonly #users = new Map<string, CompiledUser>();
  readonly #devices = new Map<string, CompiledDevice>();
  #settings: Settings;
  #settingsBytes: Uint8Array;
  #services: readonly CompiledRecord[];
  #encodedUsers = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#settingsBytes = encodeSettings(settings);
    this.#services = encodeServices(settings);
  }

  get userCount(): number {
    return this.#users.size;
  }

  /** How many users were encoded since the start: the work that keeping compiled users saves. */
  get encodedUsers(): number {
    return this.#encodedUsers;
  }

  setUser(user: SnapshotUser): void {
    this.#encodedUsers += 1;
    this.#users.set(user.id, encodeUser(user));
  }

  removeUser(id: string): void {
    this.#users.delete(id);
  }

  setDevice(device: SnapshotDevice): void {
    this.#devices.set(device.mac, encodeDevice(device));
  }

  removeDevice(mac: string): void {
    this.#devices.delete(mac);
  }

  setSettings(settings: Settings): void {
    this.#settings = settings;
    this.#settingsBytes = encodeSettings(settings);
    this.#services = encodeServices(settings);
  }

  /** A copy that can be changed without changing this one; compiled users are shared. */
  fork(): SnapshotCompiler {
    const copy = new SnapshotCompiler(this.#settings);
    for (const [id, user] of this.#users) {
      copy.#users.set(id, user);
    }
    for (const [mac, device] of this.#devices) {
      copy.#devices.set(mac, device);
    }
    copy.#encodedUsers = this.#encodedUsers;
    return copy;
  }

  compile(revision: number): SharedArrayBuffer {
    let recordBytes = 0;
    let numberCount = 0;
    let sipCount = 0;
    for (const record of this.#services) {
      recordBytes += record.bytes.length;
      numberCount += record.numbers.length;
    }
    for (const user of this.#users.values()) {
      recordBytes += user.bytes.length;
      numberCount += user.numbers.length;
      sipCount += user.sipUsername === undefined ? 0 : 1;
    }
    const accounts = this.#usableAccounts();
    for (const account of accounts) {
      recordBytes += account.bytes.length;
      numberCount += account.numbers.length;
    }
    sipCount += accounts.length;
    const userSlots = slotsFor(this.#users.size);
    const numberSlots = slotsFor(numberCount);
    const sipSlots = slotsFor(sipCount);
    const userTableOffset = headerBytes;
    const numberTableOffset = userTableOffset + userSlots * slotBytes;
    const sipTableOffset = numberTableOffset + numberSlots * slotBytes;
    const settingsOffset = sipTableOffset + sipSlots * slotBytes;
    const recordsOffset = settingsOffset + this.#settingsBytes.length;
    const sizeBytes = recordsOffset + recordBytes;

    const buffer = new SharedArrayBuffer(sizeBytes);
    const bytes = new Uint8Array(buffer);
    const userTable = new TableWriter(buffer, userTableOffset, userSlots);
    const numberTable = new TableWriter(buffer, numberTableOffset, numberSlots);
    const sipTable = new TableWriter(buffer, sipTableOffset, sipSlots);

    bytes.set(this.#settingsBytes, settingsOffset);
    let offset = recordsOffset;
    for (const service of this.#services) {
      bytes.set(service.bytes, offset);
      numberTable.insertAll(service.numbers, offset);
      offset += service.bytes.length;
    }
    for (const user of this.#users.values()) {
      bytes.set(user.bytes, offset);
      userTable.insert(user.id, offset);
      numberTable.insertAll(user.numbers, offset);
      if (user.sipUsername !== undefined) {
        sipTable.insert(user.sipUsername, offset);
      }
      offset += user.bytes.length;
    }
    for (const account of accounts) {
      bytes.set(account.bytes, offset);
      numberTable.insertAll(account.numbers, offset);
      sipTable.insert(account.sipUsername, offset);
      offset += account.bytes.length;
    }

    const header = new Uint32Array(buffer, 0, headerFields);
    header[headerField.magic] = magic;
    header[headerField.formatVersion] = formatVersion;
    header[headerField.revision] = revision;
    header[headerField.sizeBytes] = sizeBytes;
    header[headerField.settingsOffset] = settingsOffset;
    header[headerField.settingsBytes] = this.#settingsBytes.length;
    header[headerField.userCount] = this.#users.size;
    header[headerField.userTableOffset] = userTableOffset;
    header[headerField.userTableSlots] = userSlots;
    header[headerField.numberTableOffset] = numberTableOffset;
    header[headerField.numberTableSlots] = numberSlots;
    header[headerField.sipTableOffset] = sipTableOffset;
    header[headerField.sipTableSlots] = sipSlots;
    return buffer;
  }

  /** Those of users that are there and enabled; a device without any user has its login account. */
  #usableAccounts(): (CompiledAccount & CompiledRecord)[] {
    const usable: (CompiledAccount & CompiledRecord)[] = [];
    for (const { accounts, login } of this.#devices.values()) {
      let isAssigned = false;
      for (const { userId, bytes, sipUsername } of accounts) {
        const user = this.#users.get(userId);
        isAssigned ||= user !== undefined;
        if (user?.isEnabled === true) {
          usable.push({ bytes, sipUsername, numbers: [] });
        }
      }
      if (!isAssigned) {
        usable.push(login());
      }
    }
    return usable;
  }
}

class TableWriter {
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

function encodeSettings(settings: Settings): Uint8Array {
  return Buffer.from(JSON.stringify(settings), 'utf8');
}

function encodeServices(settings: Settings): CompiledRecord[] {
  return serviceNumbersOf(settings).map(({ service, number }) => {
    const bytes = Buffer.alloc(serviceFixedBytes + 2 + Buffer.byteLength(number));
    bytes[0] = recordKind.service;
    bytes[1] = services.indexOf(service);
    writeString(bytes, serviceFixedBytes, number);
    return { bytes, numbers: [{ hash: hashKey(number), offset: serviceFixedBytes }] };
  });
}

function encodeUser(user: SnapshotUser): CompiledUser {
  const extension = user.extension ?? '';
  const sipUsername = user.sipUsername ?? '';
  const hasSipAccount = user.enabled && user.ha1 !== undefined && sipUsername !== '';
  const scratch = toScratch(user);
  scratch[0] = recordKind.user;
  scratch[1] = (user.enabled ? userFlag.enabled : 0) | (hasSipAccount ? userFlag.hasSipAccount : 0);
  if (hasSipAccount) {
    scratch.write(user.ha1.md5, 2, ha1Md5Bytes, 'hex');
    scratch.write(user.ha1.sha256, 2 + ha1Md5Bytes, ha1Sha256Bytes, 'hex');
  } else {
    scratch.fill(0, 2, userFixedBytes);
  }

  const numbers: RecordKey[] = [];
  let offset = userFixedBytes;
  const id = { hash: hashKey(user.id), offset };
  offset = writeString(scratch, offset, user.id);
  offset = writeString(scratch, offset, user.name);
  if (extension !== '') {
    numbers.push({ hash: hashKey(extension), offset });
  }
  offset = writeString(scratch, offset, extension);
  const sipKey = { hash: hashKey(sipUsername), offset };
  if (sipUsername !== '' && foldUserPart(sipUsername) !== foldUserPart(extension)) {
    numbers.push(sipKey);
  }
  offset = writeString(scratch, offset, sipUsername);
  scratch[offset] = user.aliases.length;
  offset += 1;
  for (const alias of user.aliases) {
    numbers.push({ hash: hashKey(alias), offset });
    offset = writeString(scratch, offset, alias);
  }
  // A copy out of the shared pool: thousands of buffers of their own would be slow to make.
  const bytes = Buffer.from(scratch.subarray(0, offset));
  const { enabled: isEnabled } = user;
  return { bytes, id, sipUsername: hasSipAccount ? sipKey : undefined, isEnabled, numbers };
}

function encodeDevice({ mac, accounts, login }: SnapshotDevice): CompiledDevice {
  let encoded: ReturnType<CompiledDevice['login']> | undefined;
  return {
    accounts: accounts.map(({ userId, username, ha1 }) => ({
      userId,
      ...encodeAccount(userId, username, mac, '', ha1),
    })),
    login: () => {
      const { ownerId, name, username, ha1 } = login;
      if (encoded === undefined) {
        const own = encodeAccount(ownerId, username, mac, name, ha1);
        encoded = { ...own, numbers: [own.loginName] };
      }
      return encoded;
    },
  };
}

function encodeAccount(
  owner: string,
  username: string,
  mac: string,
  loginName: string,
  ha1: DigestHashes,
): CompiledAccount & { readonly loginName: RecordKey } {
  const units = owner.length + username.length + mac.length + loginName.length;
  const scratch = Buffer.allocUnsafe(userFixedBytes + 4 * 2 + 3 * units);
  scratch[0] = recordKind.deviceAccount;
  scratch[1] = 0;
  scratch.write(ha1.md5, 2, ha1Md5Bytes, 'hex');
  scratch.write(ha1.sha256, 2 + ha1Md5Bytes, ha1Sha256Bytes, 'hex');
  let offset = writeString(scratch, userFixedBytes, owner);
  const sipUsername = { hash: hashKey(username), offset };
  offset = writeString(scratch, offset, username);
  offset = writeString(scratch, offset, mac);
  const loginKey = { hash: hashKey(loginName), offset };
  offset = writeString(scratch, offset, loginName);
  return { bytes: Buffer.from(scratch.subarray(0, offset)), sipUsername, loginName: loginKey };
}

/** Enough room for the record: three bytes of UTF-8 per UTF-16 unit at most. */
function toScratch(user: SnapshotUser): Buffer {
  let units = user.id.length + user.name.length;
  units += (user.extension?.length ?? 0) + (user.sipUsername?.length ?? 0);
  for (const alias of user.aliases) {
    units += alias.length;
  }
  return Buffer.allocUnsafe(userFixedBytes + 1 + 2 * (4 + user.aliases.length) + 3 * units);
}

/** Returns the offset behind the string. Nearly all are short ASCII, which a loop copies fastest. */
function writeString(bytes: Buffer, offset: number, text: string): number {
  const start = offset + 2;
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) {
      length = bytes.write(text, start, 'utf8');
      break;
    }
    bytes[start + index] = code;
  }
  bytes[offset] = length & 0xff;
  bytes[offset + 1] = length >> 8;
  return start + length;
}
