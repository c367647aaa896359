/**
 * Keeps the call plane's table of names by number up to date: compiled here, in pieces between other
 * work, and handed over whole. Without contacts there is no table and nothing runs.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CallerNamesCompiler } from '../../caller-names/caller-name-table.ts';
import type { User } from '../../configuration/entities/user.ts';
import type { Settings } from '../../configuration/entities/settings.ts';
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { Stored } from '../configuration-store/configuration-store.ts';
import type { NumberKeys } from './store/number-keys.ts';
import { colleaguesId, isReader, type Phonebook } from './phonebook.ts';
import type { PhonebookStore } from './store/phonebook-store.ts';

export interface CallerNamesPublisherOptions {
  readonly store: PhonebookStore;
  readonly configuration: {
    readonly settings: Pick<Settings, 'callerNamesFromPhonebooks'>;
    allUsers(): Promise<readonly Stored<User>[]>;
  };
  readonly loadKeys: () => Promise<NumberKeys>;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A burst of changes costs one table. */
const delayMs = 300;
/** Compiling takes at most this part of the time. */
const restFactor = 10;
const contactsPerTurn = 1_000;

export class CallerNamesPublisher {
  readonly #options: CallerNamesPublisherOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isAgain = false;
  #isClosed = false;
  #lastTookMs = 0;
  #hasPublished = false;
  #numbers = 0;

  constructor(options: CallerNamesPublisherOptions) {
    this.#options = options;
  }

  /** Numbers in the table that is in force. */
  get numbers(): number {
    return this.#numbers;
  }

  /** Something that names hang on has changed. */
  noteChange(): void {
    if (this.#isClosed) {
      return;
    }
    if (this.#running !== undefined) {
      this.#isAgain = true;
      return;
    }
    this.#timer ??= this.#options.clock.schedule(
      Math.max(delayMs, this.#lastTookMs * restFactor),
      () => {
        this.#timer = undefined;
        this.#running = this.publish().finally(() => {
          this.#running = undefined;
          if (this.#isAgain) {
            this.#isAgain = false;
            this.noteChange();
          }
        });
      },
    );
  }

  /** Compiles and hands over now. Never rejects. */
  async publish(): Promise<void> {
    const { callPlane, clock, logger } = this.#options;
    const startedAtMs = clock.nowMs();
    try {
      const buffer = await this.#compile();
      this.#lastTookMs = clock.nowMs() - startedAtMs;
      if (buffer !== undefined || this.#hasPublished) {
        await callPlane.request('caller-names.activate', { buffer });
        this.#hasPublished = buffer !== undefined;
      }
      logger.debug('Names of callers are in force', {
        numbers: this.#numbers,
        sizeBytes: buffer?.byteLength ?? 0,
        tookMs: Math.round(this.#lastTookMs),
      });
    } catch (error) {
      // The table before stays in force; the next change tries again.
      logger.error('Names of callers could not be published', { error: toErrorMessage(error) });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #compile(): Promise<SharedArrayBuffer | undefined> {
    const { store, configuration, loadKeys } = this.#options;
    this.#numbers = 0;
    const counts = await store.contacts.countByBook();
    const books = (await store.books()).filter(
      ({ id }) => id !== colleaguesId && (counts.get(id) ?? 0) > 0,
    );
    if (!configuration.settings.callerNamesFromPhonebooks || books.length === 0) {
      return undefined;
    }
    // The callee's own book counts first, then those for few, then those for everyone.
    const ordered = books.sort((a, b) => rankOf(a) - rankOf(b));
    const users = ordered.some((book) => book.kind === 'shared' && !book.readers.everyone)
      ? await configuration.allUsers()
      : [];
    const { plan } = await loadKeys();
    const compiler = new CallerNamesCompiler({
      plan,
      books: ordered.map((book) => ({ readers: readersOf(book, users) })),
    });
    const indexes = new Map(ordered.map(({ id }, index) => [id, index]));
    for (const rank of [0, 1, 2]) {
      if (!ordered.some((book) => rankOf(book) === rank)) {
        continue;
      }
      for (let after = 0; after < store.endOfIds; after += contactsPerTurn) {
        for (const { key, name, bookId } of await store.contacts.namedNumbers(
          after,
          contactsPerTurn,
        )) {
          const book = indexes.get(bookId);
          const found = book === undefined ? undefined : ordered[book];
          if (book !== undefined && found !== undefined && rankOf(found) === rank) {
            compiler.add({ key, book, name });
          }
        }
        await nextTurn();
      }
    }
    this.#numbers = compiler.size;
    return compiler.size === 0 ? undefined : compiler.compile();
  }
}

function rankOf({ kind, readers }: Phonebook): 0 | 1 | 2 {
  if (kind === 'personal') {
    return 0;
  }
  return readers.everyone ? 2 : 1;
}

function readersOf(
  { kind, ownerId, readers }: Phonebook,
  users: readonly Stored<User>[],
): readonly string[] | undefined {
  if (kind === 'personal') {
    return ownerId === undefined ? [] : [ownerId];
  }
  if (readers.everyone) {
    return undefined;
  }
  return users
    .filter(({ id, document }) =>
      isReader(readers, { userId: id, department: document.department, isAdministrator: false }),
    )
    .map(({ id }) => id);
}
