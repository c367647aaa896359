/**
 * Compiles the configuration into the shared bytes that the call plane reads. The compiled form of
 * each user is kept, so a change of one user costs one encoding and copying the rest.
 */
import type { Settings } from '../entities/settings.ts';
import {
  encodeDevice,
  encodeServices,
  encodeSettings,
  encodeUser,
  type CompiledAccount,
  type CompiledDevice,
  type CompiledRecord,
  type CompiledUser,
} from './encode-records.ts';
import {
  formatVersion,
  headerBytes,
  headerField,
  headerFields,
  magic,
  slotBytes,
  slotsFor,
} from './snapshot-format.ts';
import type { SnapshotDevice, SnapshotUser } from './snapshot-subject.ts';
import { TableWriter } from './table-writer.ts';

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
