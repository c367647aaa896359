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
}

export class RegistrationDirectory {
  readonly #store: RegistrationDirectoryOptions['store'];
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #bindings = new Map<string, BindingRecord>();
  readonly #counts = new Map<string, number>();
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
    return this.#bindings.size;
  }

  /** How many phones of the user are registered. */
  countOf(userId: string): number {
    return this.#counts.get(userId) ?? 0;
  }

  change({ updated, removed }: CallPlaneEvents['bindings.changed']): void {
    for (const binding of updated) {
      const key = bindingKey(binding);
      if (!this.#bindings.has(key)) {
        this.#counts.set(binding.userId, this.countOf(binding.userId) + 1);
      }
      this.#bindings.set(key, binding);
    }
    for (const binding of removed) {
      if (this.#bindings.delete(bindingKey(binding))) {
        this.#discount(binding.userId);
      }
    }
  }

  replaceAll(bindings: readonly BindingRecord[]): void {
    this.#bindings.clear();
    this.#counts.clear();
    this.change({ updated: bindings, removed: [] });
  }

  async list(query: RegistrationQuery): Promise<Page<ListedRegistration>> {
    await this.#loadUsers();
    const words = toSearchWords(query.search);
    const nowMs = this.#clock.wallMs();
    const found: ListedRegistration[] = [];
    for (const binding of this.#bindings.values()) {
      const user = this.#users.get(binding.userId);
      const listed = {
        binding,
        userName: user?.name ?? '',
        extension: user?.extension,
      };
      const isAsked = query.userId === undefined || query.userId === binding.userId;
      if (isAsked && binding.expiresAtMs > nowMs && holdsWords(listed, words)) {
        found.push(listed);
      }
    }
    sortBy(found, query.sort, query.direction);
    const start = (query.page - 1) * query.pageSize;
    return { items: found.slice(start, start + query.pageSize), total: found.length };
  }

  #discount(userId: string): void {
    const count = this.countOf(userId) - 1;
    if (count === 0) {
      this.#counts.delete(userId);
    } else {
      this.#counts.set(userId, count);
    }
  }

  async #loadUsers(): Promise<void> {
    const users = this.#users;
    const missing = new Set<string>();
    for (const { userId } of this.#bindings.values()) {
      if (!users.has(userId)) {
        missing.add(userId);
      }
    }
    if (missing.size === 0) {
      return;
    }
    for (const { id, document } of await this.#store.findUsers([...missing])) {
      users.set(id, { name: document.name, extension: document.extension });
    }
  }
}

function holdsWords(listed: ListedRegistration, words: readonly string[]): boolean {
  if (words.length === 0) {
    return true;
  }
  const { contact, remoteAddress, userAgent } = listed.binding;
  const text = foldForSearch(
    [listed.userName, listed.extension ?? '', contact, remoteAddress, userAgent].join('\n'),
  );
  return words.every((word) => text.includes(word));
}

function sortBy(
  found: ListedRegistration[],
  sort: RegistrationSortKey,
  direction: 'asc' | 'desc',
): void {
  const sign = direction === 'asc' ? 1 : -1;
  // Keys once per row, not once per comparison.
  const rows = found.map((listed) => ({ listed, key: sortKeyOf(listed, sort) }));
  rows.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0));
  for (const [index, row] of rows.entries()) {
    found[index] = row.listed;
  }
}

function sortKeyOf(
  { binding, userName, extension }: ListedRegistration,
  sort: RegistrationSortKey,
) {
  switch (sort) {
    case 'userName':
      return foldForSearch(userName);
    case 'extension':
      return toExtensionOrder(extension);
    case 'remoteAddress':
      return binding.remoteAddress;
    case 'userAgent':
      return foldForSearch(binding.userAgent);
    case 'registeredAt':
      return binding.registeredAtMs;
    case 'expiresAt':
      return binding.expiresAtMs;
  }
}
