/**
 * Who is registered now, with the users' names, for lists: kept in memory, fed by the call plane,
 * which alone decides. Searching and sorting ten thousand of them takes some milliseconds.
 */
import type { BindingRecord, CallPlaneEvents } from '../../bus/contract.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { ConfigurationStore, Page } from '../configuration-store/configuration-store.ts';
import {
  foldForSearch,
  toExtensionOrder,
  toSearchWords,
} from '../configuration-store/search-text.ts';
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

export interface RegistrationQuery {
  /** Every word must occur in name, extension, contact, address or user agent. */
  readonly search?: string | undefined;
  readonly userId?: string | undefined;
  readonly sort: RegistrationSortKey;
  readonly direction: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface RegistrationDirectoryOptions {
  readonly store: Pick<ConfigurationStore, 'findUsers' | 'onRevision'>;
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

const unknownUser: UserFacts = { name: '', extension: undefined, nameOrder: '', searchText: '' };

export class RegistrationDirectory {
  readonly #store: RegistrationDirectoryOptions['store'];
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #entries = new Map<string, Entry>();
  readonly #keysOfUser = new Map<string, Set<string>>();
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

  change({ updated, removed }: CallPlaneEvents['bindings.changed']): void {
    for (const binding of updated) {
      const key = bindingKey(binding);
      let keys = this.#keysOfUser.get(binding.userId);
      if (keys === undefined) {
        keys = new Set();
        this.#keysOfUser.set(binding.userId, keys);
      }
      keys.add(key);
      this.#entries.set(key, { binding, searchText: undefined });
    }
    for (const binding of removed) {
      const key = bindingKey(binding);
      const keys = this.#keysOfUser.get(binding.userId);
      this.#entries.delete(key);
      keys?.delete(key);
      if (keys?.size === 0) {
        this.#keysOfUser.delete(binding.userId);
      }
    }
  }

  replaceAll(bindings: readonly BindingRecord[]): void {
    this.#entries.clear();
    this.#keysOfUser.clear();
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
          found.push({ binding, user, key: sortKeyOf(binding, user, query.sort) });
        }
      }
    }
    const sign = query.direction === 'asc' ? 1 : -1;
    found.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0));
    const start = (query.page - 1) * query.pageSize;
    const items = found.slice(start, start + query.pageSize).map(({ binding, user }) => ({
      binding,
      userName: user.name,
      extension: user.extension,
    }));
    return { items, total: found.length };
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
    for (const { id, document } of await this.#store.findUsers([...missing])) {
      const { name, extension } = document;
      const nameOrder = foldForSearch(name);
      users.set(id, { name, extension, nameOrder, searchText: `${nameOrder}\n${extension ?? ''}` });
    }
  }
}

interface Found {
  readonly binding: BindingRecord;
  readonly user: UserFacts;
  /** Once per row, not once per comparison. */
  readonly key: string | number;
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
