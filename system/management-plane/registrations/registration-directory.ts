/**
 * Who is registered now, with the users' names, for lists: kept in memory, fed by the call plane,
 * which alone decides. Searching and sorting ten thousand of them takes some milliseconds.
 */
import type { BindingRecord, CallPlaneEvents, EndedRegistrations } from '../../bus/contract.ts';
import {
  findDeviceOfOwner,
  loginNameOf,
  type Device,
} from '../../configuration/entities/device.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { ConfigurationStore, Page } from '../configuration-store/configuration-store.ts';
import {
  foldForSearch,
  toExtensionOrder,
  toSearchWords,
} from '../configuration-store/search-text.ts';
import { takePage, type PageQuery } from '../configuration-store/take-page.ts';
import { bindingKey } from './binding-key.ts';

export interface ListedRegistration {
  readonly binding: BindingRecord;
  readonly userName: string;
  readonly extension: string | undefined;
}

export const registrationSortKeys = [
  'userName',
  'extension',
  'remoteAddress',
  'userAgent',
  'registeredAt',
  'expiresAt',
] as const;
export type RegistrationSortKey = (typeof registrationSortKeys)[number];

export interface RegistrationQuery extends PageQuery {
  /** Every word must occur in name, extension, contact, address or user agent. */
  readonly search?: string | undefined;
  readonly userId?: string | undefined;
  readonly sort: RegistrationSortKey;
}

export interface RegistrationDirectoryOptions {
  readonly store: Pick<ConfigurationStore, 'findUsers' | 'findMany' | 'onRevision'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

interface UserFacts {
  readonly name: string;
  readonly extension: string | undefined;
  readonly nameOrder: string;
  /** Name and extension, folded. */
  readonly searchText: string;
}

/** A binding with its folded text, which is only made when somebody searches. */
interface Entry {
  readonly binding: BindingRecord;
  searchText: string | undefined;
}

/** The way to a device whose registration was ended is good for nothing much longer. */
const endedKeptMs = 600_000;

const unknownUser: UserFacts = { name: '', extension: undefined, nameOrder: '', searchText: '' };

export class RegistrationDirectory {
  readonly #store: RegistrationDirectoryOptions['store'];
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #entries = new Map<string, Entry>();
  readonly #keysOfUser = new Map<string, Set<string>>();
  readonly #keysOfDevice = new Map<string, Set<string>>();
  /** How devices were reached whose registrations the configuration ended, by MAC. */
  readonly #ended = new Map<string, { readonly binding: BindingRecord; readonly atMs: number }>();
  readonly #newcomers = new Set<(mac: string) => void>();
  /** Of users that have registrations; forgotten with every change of the configuration. */
  #users = new Map<string, UserFacts>();

  constructor(options: RegistrationDirectoryOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#store.onRevision(() => {
      this.#users = new Map();
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many phones of the user are registered. */
  countOf(userId: string): number {
    return this.#keysOfUser.get(userId)?.size ?? 0;
  }

  /** The registrations of the user that have not expired. */
  bindingsOf(userId: string): BindingRecord[] {
    const nowMs = this.#clock.wallMs();
    return [...(this.#keysOfUser.get(userId) ?? [])].flatMap((key) => {
      const binding = this.#entries.get(key)?.binding;
      return binding !== undefined && binding.expiresAtMs > nowMs ? [binding] : [];
    });
  }

  /** Those that the device made with its own accounts, the newest first. */
  bindingsOfDevice(mac: string): BindingRecord[] {
    const nowMs = this.#clock.wallMs();
    return [...(this.#keysOfDevice.get(mac) ?? [])]
      .flatMap((key) => this.#entries.get(key)?.binding ?? [])
      .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
      .sort((a, b) => b.registeredAtMs - a.registeredAtMs);
  }

  /** How the device was reached before the configuration ended its registration a while ago. */
  endedBindingOf(mac: string): BindingRecord | undefined {
    const ended = this.#ended.get(mac);
    return ended !== undefined && this.#clock.wallMs() - ended.atMs < endedKeptMs
      ? ended.binding
      : undefined;
  }

  /** Before registrations end: the ways to devices among them are remembered for a while. */
  noteEnding({ devices, lines }: EndedRegistrations): void {
    const atMs = this.#clock.wallMs();
    for (const [mac, ended] of this.#ended) {
      if (atMs - ended.atMs >= endedKeptMs) {
        this.#ended.delete(mac);
      }
    }
    for (const mac of new Set([...devices, ...lines.map(({ device }) => device)])) {
      const [binding] = this.bindingsOfDevice(mac);
      if (binding !== undefined) {
        this.#ended.set(mac, { binding, atMs });
      }
    }
  }

  /** Called when a device registers that was not registered; returns what unsubscribes. */
  onDeviceRegistered(listener: (mac: string) => void): () => void {
    this.#newcomers.add(listener);
    return () => this.#newcomers.delete(listener);
  }

  change({ updated, removed }: CallPlaneEvents['bindings.changed']): void {
    for (const binding of updated) {
      this.#add(binding);
    }
    for (const binding of removed) {
      this.#remove(bindingKey(binding));
    }
  }

  #add(binding: BindingRecord): void {
    const key = bindingKey(binding);
    const { device } = binding;
    const isNewcomer = device !== undefined && !this.#keysOfDevice.has(device);
    if (this.#entries.get(key)?.binding.device !== device) {
      this.#remove(key);
    }
    addTo(this.#keysOfUser, binding.userId, key);
    if (device !== undefined) {
      addTo(this.#keysOfDevice, device, key);
    }
    this.#entries.set(key, { binding, searchText: undefined });
    if (isNewcomer) {
      this.#ended.delete(device);
      for (const tell of this.#newcomers) {
        tell(device);
      }
    }
  }

  #remove(key: string): void {
    const binding = this.#entries.get(key)?.binding;
    if (binding === undefined) {
      return;
    }
    this.#entries.delete(key);
    removeFrom(this.#keysOfUser, binding.userId, key);
    if (binding.device !== undefined) {
      removeFrom(this.#keysOfDevice, binding.device, key);
    }
  }

  replaceAll(bindings: readonly BindingRecord[]): void {
    this.#entries.clear();
    this.#keysOfUser.clear();
    this.#keysOfDevice.clear();
    this.change({ updated: bindings, removed: [] });
  }

  async list(query: RegistrationQuery): Promise<Page<ListedRegistration>> {
    await this.#loadUsers();
    const words = toSearchWords(query.search);
    const nowMs = this.#clock.wallMs();
    const found: Found[] = [];
    for (const entry of this.#entries.values()) {
      const { binding } = entry;
      const isAsked = query.userId === undefined || query.userId === binding.userId;
      if (isAsked && binding.expiresAtMs > nowMs) {
        const user = this.#users.get(binding.userId) ?? unknownUser;
        if (holdsWords(entry, user, words)) {
          found.push({ binding, user });
        }
      }
    }
    const { items, total } = takePage(
      found,
      query,
      ({ binding, user }) => sortKeyOf(binding, user, query.sort),
      ({ binding }) => bindingKey(binding),
    );
    return {
      items: items.map(({ binding, user }) => ({
        binding,
        userName: user.name,
        extension: user.extension,
      })),
      total,
    };
  }

  async #loadUsers(): Promise<void> {
    const users = this.#users;
    const missing = new Set<string>();
    for (const { binding } of this.#entries.values()) {
      if (!users.has(binding.userId)) {
        missing.add(binding.userId);
      }
    }
    if (missing.size === 0) {
      return;
    }
    const devices = new Map([...missing].map((id) => [findDeviceOfOwner(id), id]));
    devices.delete(undefined);
    const macs = [...devices.keys()].filter((mac) => mac !== undefined);
    for (const { id, document } of await this.#store.findUsers([...missing])) {
      const { name, extension } = document;
      users.set(id, toUserFacts(name, extension));
    }
    for (const { id, document } of macs.length === 0
      ? []
      : await this.#store.findMany('device', macs)) {
      const device = document as Device;
      users.set(devices.get(id) ?? '', toUserFacts(device.comment ?? '', loginNameOf(device)));
    }
  }
}

function toUserFacts(name: string, extension: string | undefined): UserFacts {
  const nameOrder = foldForSearch(name);
  return { name, extension, nameOrder, searchText: `${nameOrder}\n${extension ?? ''}` };
}

function addTo(keysBy: Map<string, Set<string>>, name: string, key: string): void {
  const keys = keysBy.get(name);
  if (keys === undefined) {
    keysBy.set(name, new Set([key]));
  } else {
    keys.add(key);
  }
}

function removeFrom(keysBy: Map<string, Set<string>>, name: string, key: string): void {
  const keys = keysBy.get(name);
  keys?.delete(key);
  if (keys?.size === 0) {
    keysBy.delete(name);
  }
}

interface Found {
  readonly binding: BindingRecord;
  readonly user: UserFacts;
}

function holdsWords(entry: Entry, user: UserFacts, words: readonly string[]): boolean {
  if (words.length === 0) {
    return true;
  }
  const { contact, remoteAddress, userAgent } = entry.binding;
  entry.searchText ??= foldForSearch(`${contact}\n${remoteAddress}\n${userAgent}`);
  const { searchText } = entry;
  return words.every((word) => user.searchText.includes(word) || searchText.includes(word));
}

function sortKeyOf(
  binding: BindingRecord,
  user: UserFacts,
  sort: RegistrationSortKey,
): string | number {
  switch (sort) {
    case 'userName':
      return user.nameOrder;
    case 'extension':
      return toExtensionOrder(user.extension);
    case 'remoteAddress':
      return binding.remoteAddress;
    case 'userAgent':
      return binding.userAgent;
    case 'registeredAt':
      return binding.registeredAtMs;
    case 'expiresAt':
      return binding.expiresAtMs;
  }
}
