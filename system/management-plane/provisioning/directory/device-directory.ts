/**
 * All devices in memory, kept up to date with every revision: lists join them with what devices did
 * and with registrations, and requests of devices are answered without asking the database.
 */
import type { BindingRecord } from '../../../bus/contract.ts';
import { loginNameOf, type Device } from '../../../configuration/entities/device.ts';
import type { User } from '../../../configuration/entities/user.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type {
  ConfigurationStore,
  Page,
  Stored,
} from '../../configuration-store/configuration-store.ts';
import type { RevisionSummary } from '../../configuration-store/revision.ts';
import {
  foldForSearch,
  toExtensionOrder,
  toSearchWords,
} from '../../configuration-store/search-text.ts';
import type { RegistrationDirectory } from '../../registrations/registration-directory.ts';
import type { DectDirectory } from './dect-directory.ts';
import {
  hashToken,
  openDeviceCredentials,
  type DeviceCredentials,
} from '../../device-accounts/device-credentials.ts';
import type { SeenDevice } from '../device-state/seen-device.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';

export interface DeviceUser {
  readonly id: string;
  readonly name: string;
  readonly extension: string | undefined;
}

/** A device with everything that a row shows. */
export interface ListedDevice {
  readonly stored: Stored<Device>;
  readonly seen: SeenDevice;
  /** Assigned users that still exist, line by line. */
  readonly users: readonly DeviceUser[];
  /** Of the first line; `loginX` while unassigned. */
  readonly extension: string | undefined;
  /** Its registration, where there is one. */
  readonly binding: BindingRecord | undefined;
}

export const deviceSortKeys = [
  'mac',
  'comment',
  'model',
  'extension',
  'address',
  'firmware',
  'status',
  'lastSeen',
] as const;
export type DeviceSortKey = (typeof deviceSortKeys)[number];

export interface DeviceQuery {
  /** Every word must occur in MAC, comment, vendor, model, firmware, address, extension or name. */
  readonly search?: string | undefined;
  readonly group?: string | undefined;
  readonly userId?: string | undefined;
  readonly assigned?: boolean | undefined;
  readonly registered?: boolean | undefined;
  /** Whether it has got its own files with the passwords that are valid now. */
  readonly provisioned?: boolean | undefined;
  /** Whether it may fetch without encryption. */
  readonly tftpException?: boolean | undefined;
  readonly sort: DeviceSortKey;
  readonly direction: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export type TokenMatch = { readonly mac: string; readonly isPrevious: boolean } | undefined;

export interface DeviceDirectoryOptions {
  readonly store: Pick<
    ConfigurationStore,
    'findAll' | 'findMany' | 'findUsers' | 'onRevision' | 'seal' | 'unseal'
  >;
  readonly seen: SeenDevices;
  readonly registrations: Pick<RegistrationDirectory, 'bindingsOf' | 'bindingsOfDevice'>;
  /** Handsets register for their bases. */
  readonly dect: Pick<DectDirectory, 'handsetsOfBase' | 'highestLoginNumber'>;
  readonly logger: Logger;
}

export class DeviceDirectory {
  readonly #options: DeviceDirectoryOptions;
  readonly #devices = new Map<string, Stored<Device>>();
  readonly #users = new Map<string, DeviceUser>();
  /** By the hash of the token. */
  readonly #tokens = new Map<string, { readonly mac: string; readonly isPrevious: boolean }>();
  readonly #tokenHashes = new Map<string, readonly string[]>();
  readonly #unreadable = new Set<string>();
  #highestLoginNumber = 0;
  #loading: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;

  constructor(options: DeviceDirectoryOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#reload();
    this.#stop = this.#options.store.onRevision((revision) => {
      this.#loading = this.#loading
        .then(() => this.#follow(revision))
        .catch((error: unknown) => {
          this.#options.logger.error('The list of devices could not be brought up to date', {
            error,
          });
        });
    });
  }

  close(): void {
    this.#stop?.();
  }

  /** Resolves when every revision that was told is followed. */
  settled(): Promise<void> {
    return this.#loading;
  }

  get size(): number {
    return this.#devices.size;
  }

  /** Devices whose secrets cannot be read with the key of this installation. */
  get unreadableCount(): number {
    return this.#unreadable.size;
  }

  find(mac: string): Stored<Device> | undefined {
    return this.#devices.get(mac);
  }

  findByToken(token: string): TokenMatch {
    return this.#tokens.get(hashToken(token));
  }

  all(): Iterable<Stored<Device>> {
    return this.#devices.values();
  }

  /** Undefined when it has none, or when they cannot be read. */
  credentialsOf({ document: { mac, credentials } }: Stored<Device>): DeviceCredentials | undefined {
    if (credentials === undefined) {
      return undefined;
    }
    try {
      return openDeviceCredentials(credentials, mac, this.#options.store);
    } catch (error) {
      this.#options.logger.warn('The secrets of a device cannot be read', { mac, error });
      return undefined;
    }
  }

  show(stored: Stored<Device>): ListedDevice {
    const { document } = stored;
    const users = document.lines.flatMap((id) => this.#users.get(id) ?? []);
    const seen = this.#options.seen.find(document.mac);
    return {
      stored,
      seen,
      users,
      extension: users[0] === undefined ? loginNameOf(document) : users[0].extension,
      binding: this.#bindingOf(document, users),
    };
  }

  list(query: DeviceQuery): Page<ListedDevice> {
    const words = toSearchWords(query.search);
    const found: { readonly device: ListedDevice; readonly key: string | number }[] = [];
    for (const stored of this.#devices.values()) {
      const { document } = stored;
      if (
        (query.group !== undefined && !document.groups.includes(query.group)) ||
        (query.userId !== undefined && !document.lines.includes(query.userId))
      ) {
        continue;
      }
      const device = this.show(stored);
      if (!hasWantedState(device, query)) {
        continue;
      }
      if (words.length === 0 || holdsWords(device, words)) {
        found.push({ device, key: sortKeyOf(device, query.sort) });
      }
    }
    const sign = query.direction === 'asc' ? 1 : -1;
    found.sort((a, b) =>
      a.key < b.key
        ? -sign
        : a.key > b.key
          ? sign
          : a.device.stored.id < b.device.stored.id
            ? -1
            : 1,
    );
    const start = (query.page - 1) * query.pageSize;
    const items = found.slice(start, start + query.pageSize).map(({ device }) => device);
    return { items, total: found.length };
  }

  /** A number for `loginX` that no device has, nor had lately: a deleted one may come back. */
  nextLoginNumber(): number {
    return Math.max(this.#highestLoginNumber, this.#options.dect.highestLoginNumber) + 1;
  }

  /** With its own account, or set up by hand with the user's and telling its MAC. */
  #bindingOf({ mac }: Device, users: readonly DeviceUser[]): BindingRecord | undefined {
    const { registrations } = this.#options;
    const [own] = registrations.bindingsOfDevice(mac);
    if (own !== undefined) {
      return own;
    }
    const handset = this.#bindingOfHandset(mac);
    if (handset !== undefined) {
      return handset;
    }
    for (const { id } of users) {
      const named = registrations
        .bindingsOf(id)
        .find((binding) => binding.device === undefined && namesMac(binding, mac));
      if (named !== undefined) {
        return named;
      }
    }
    return undefined;
  }

  /** Of a DECT base: any handset that is registered from its address. */
  #bindingOfHandset(mac: string): BindingRecord | undefined {
    const { dect, registrations, seen } = this.#options;
    const { address } = seen.find(mac);
    for (const { id } of dect.handsetsOfBase(mac)) {
      const found = registrations
        .bindingsOfDevice(id)
        .find(({ remoteAddress }) => remoteAddress === address);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  async #follow(revision: RevisionSummary): Promise<void> {
    if (revision.operationCount > revision.operations.length) {
      await this.#reload();
      return;
    }
    const idsOf = (kind: 'device' | 'user'): string[] =>
      revision.operations.filter(({ entity }) => entity === kind).map(({ id }) => id);
    const macs = idsOf('device');
    if (macs.length > 0) {
      const found = await this.#options.store.findMany('device', macs);
      for (const mac of macs) {
        this.#remove(mac);
      }
      found.forEach((stored) => {
        this.#add(stored as Stored<Device>);
      });
    }
    const userIds = idsOf('user');
    for (const id of userIds) {
      this.#users.delete(id);
    }
    await this.#loadUsers();
  }

  async #reload(): Promise<void> {
    const devices = await this.#options.store.findAll('device');
    for (const mac of [...this.#devices.keys()]) {
      this.#remove(mac);
    }
    this.#users.clear();
    devices.forEach((stored) => {
      this.#add(stored as Stored<Device>);
    });
    await this.#loadUsers();
  }

  #remove(mac: string): void {
    this.#devices.delete(mac);
    this.#unreadable.delete(mac);
    for (const hash of this.#tokenHashes.get(mac) ?? []) {
      this.#tokens.delete(hash);
    }
    this.#tokenHashes.delete(mac);
  }

  #add(stored: Stored<Device>): void {
    const { mac } = stored.document;
    this.#devices.set(mac, stored);
    const { loginNumber = 0 } = stored.document;
    this.#highestLoginNumber = Math.max(this.#highestLoginNumber, loginNumber);
    const credentials = this.credentialsOf(stored);
    if (credentials === undefined) {
      if (stored.document.credentials !== undefined) {
        this.#unreadable.add(mac);
      }
      return;
    }
    const hashes: string[] = [];
    for (const [token, isPrevious] of [
      [credentials.token, false],
      [credentials.previousToken, true],
    ] as const) {
      if (token !== undefined) {
        const hash = hashToken(token.reveal());
        this.#tokens.set(hash, { mac, isPrevious });
        hashes.push(hash);
      }
    }
    this.#tokenHashes.set(mac, hashes);
  }

  /** Those that devices have lines of and that are not known yet. */
  async #loadUsers(): Promise<void> {
    const missing = new Set<string>();
    for (const { document } of this.#devices.values()) {
      for (const id of document.lines) {
        if (!this.#users.has(id)) {
          missing.add(id);
        }
      }
    }
    if (missing.size === 0) {
      return;
    }
    for (const { id, document } of await this.#options.store.findUsers([...missing])) {
      this.#users.set(id, toDeviceUser(id, document));
    }
  }
}

function toDeviceUser(id: string, { name, extension }: User): DeviceUser {
  return { id, name, extension };
}

function namesMac({ userAgent, instanceId }: BindingRecord, mac: string): boolean {
  return (
    userAgent.toLowerCase().replaceAll(/[:-]/g, '').includes(mac) ||
    instanceId?.toLowerCase().replaceAll(/[:-]/g, '').includes(mac) === true
  );
}

function hasWantedState(device: ListedDevice, query: DeviceQuery): boolean {
  const { stored, seen, users, binding } = device;
  return (
    (query.assigned ?? users.length > 0) === users.length > 0 &&
    (query.registered ?? binding !== undefined) === (binding !== undefined) &&
    (query.provisioned ?? seen.provisionedAtMs !== undefined) ===
      (seen.provisionedAtMs !== undefined) &&
    (query.tftpException ?? stored.document.tftpException) === stored.document.tftpException
  );
}

function holdsWords(device: ListedDevice, words: readonly string[]): boolean {
  const { document } = device.stored;
  const { seen } = device;
  const searched = [
    document.mac,
    document.comment,
    document.vendor,
    document.model,
    seen.vendor,
    seen.model,
    seen.firmware,
    seen.address,
    device.extension,
    ...device.users.flatMap(({ name, extension }) => [name, extension]),
  ];
  const text = foldForSearch(searched.filter((part) => part !== undefined).join('\n'));
  return words.every((word) => text.includes(word) || text.includes(word.replaceAll(/[:-]/g, '')));
}

function sortKeyOf(device: ListedDevice, sort: DeviceSortKey): string | number {
  const { stored, seen } = device;
  switch (sort) {
    case 'mac':
      return stored.id;
    case 'comment':
      return foldForSearch(stored.document.comment ?? '');
    case 'model':
      return foldForSearch(seen.model ?? stored.document.model ?? '');
    case 'extension':
      return toExtensionOrder(device.extension);
    case 'address':
      return toAddressOrder(seen.address);
    case 'firmware':
      return seen.firmware ?? '';
    case 'status':
      return device.binding === undefined ? 1 : 0;
    case 'lastSeen':
      return seen.lastSeenAtMs ?? 0;
  }
}

/** Sorts 10.0.0.9 before 10.0.0.10. */
function toAddressOrder(address: string | undefined): string {
  return (address ?? '~').replaceAll(/\d+/g, (digits) => digits.padStart(3, '0'));
}
