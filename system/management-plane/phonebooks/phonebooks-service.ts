/**
 * What accounts do with phonebooks: rights, checks, history and taking back. Methods reject with
 * PhonebooksError.
 */
import { randomId } from '../../foundation/ids.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Page } from '../configuration-store/configuration-store.ts';
import type { Colleagues } from './colleagues.ts';
import { checkContact, contactLimits, type Contact, type StoredContact } from './contact.ts';
import {
  colleaguesBook,
  everyone,
  mayEdit,
  maySee,
  ownBook,
  personalBookId,
  type Phonebook,
  type Readers,
  type Viewer,
} from './phonebook.ts';
import type {
  Change,
  ContactSortKey,
  ContactWrite,
  PhonebookStore,
  StoredChange,
} from './phonebook-store.ts';
import { PhonebooksError } from './phonebooks-error.ts';

export interface ListedPhonebook {
  readonly book: Phonebook;
  readonly contacts: number;
  readonly mayEdit: boolean;
}

/** How the web asks for the own personal book, which may not exist yet. */
export const ownBookAlias = 'own';

export type ContactInput = {
  readonly [Name in keyof Contact]?: Contact[Name] | null | undefined;
};

export interface ContactListQuery {
  /** Undefined: every book that the account sees. */
  readonly bookId?: string | undefined;
  readonly search?: string | undefined;
  readonly sort: ContactSortKey;
  readonly direction: 'asc' | 'desc';
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface ListedChange extends StoredChange {
  readonly mayUndo: boolean;
}

/** Shared books; more are not found in a list. */
const maximumBooks = 200;
const maximumBookName = 60;

export class PhonebooksService {
  readonly #store: PhonebookStore;
  readonly #configuration: Pick<ConfigurationStore, 'findUser'>;
  readonly #colleagues: Colleagues;

  constructor(options: {
    readonly store: PhonebookStore;
    readonly configuration: Pick<ConfigurationStore, 'findUser'>;
    readonly colleagues: Colleagues;
  }) {
    this.#store = options.store;
    this.#configuration = options.configuration;
    this.#colleagues = options.colleagues;
  }

  /** The own book first, then colleagues, then shared ones by name. */
  async books(actor: Actor): Promise<ListedPhonebook[]> {
    await this.#colleagues.bringUpToDate();
    const viewer = await this.#viewerOf(actor);
    const counts = await this.#store.countByBook();
    return (await this.#visible(viewer)).map((book) => ({
      book,
      contacts: counts.get(book.id) ?? 0,
      mayEdit: mayEdit(book, viewer),
    }));
  }

  async findBook(actor: Actor, id: string): Promise<ListedPhonebook> {
    const wanted = id === ownBookAlias ? personalBookId(actor.userId) : id;
    const found = (await this.books(actor)).find(({ book }) => book.id === wanted);
    if (found === undefined) {
      throw noBook();
    }
    return found;
  }

  async createBook(actor: Actor, name: string, readers: Readers = everyone): Promise<Phonebook> {
    requireAdministrator(actor);
    const all = await this.#store.books();
    if (all.filter(({ kind }) => kind === 'shared').length >= maximumBooks) {
      throw new PhonebooksError(
        'too-large',
        `There are ${String(maximumBooks)} phonebooks already.`,
      );
    }
    const id = randomId();
    const book = this.#checkBook(all, {
      id,
      kind: 'shared',
      name,
      ownerId: undefined,
      readers,
      version: 1,
    });
    await this.#store.commit({
      actor,
      action: 'book-created',
      book: { ...book, version: 0 },
      bookAfter: book,
      title: book.name,
    });
    return book;
  }

  async updateBook(
    actor: Actor,
    id: string,
    changes: { readonly name?: string | undefined; readonly readers?: Readers | undefined },
    ifVersion?: number,
  ): Promise<Phonebook> {
    requireAdministrator(actor);
    const book = await this.#requireShared(id, ifVersion);
    const after = this.#checkBook(await this.#store.books(), {
      ...book,
      name: changes.name ?? book.name,
      readers: changes.readers ?? book.readers,
      version: book.version + 1,
    });
    await this.#store.commit({
      actor,
      action: 'book-changed',
      book,
      bookAfter: after,
      title: after.name,
    });
    return after;
  }

  /** With all its contacts; can be taken back. Returns the number of the change. */
  async deleteBook(actor: Actor, id: string, ifVersion?: number): Promise<number> {
    requireAdministrator(actor);
    const book = await this.#requireShared(id, ifVersion);
    const writes = await this.#allOf(book.id);
    const change: Change = {
      actor,
      action: 'book-deleted',
      book,
      bookAfter: null,
      title: book.name,
      writes: writes.map((before) => ({ before })),
    };
    return (await this.#store.commit(change)).changeId;
  }

  async list(actor: Actor, query: ContactListQuery): Promise<Page<StoredContact>> {
    await this.#colleagues.bringUpToDate();
    const { bookId, search, sort, direction, page, pageSize } = query;
    const viewer = await this.#viewerOf(actor);
    const wanted = bookId === ownBookAlias ? personalBookId(actor.userId) : bookId;
    const visible = await this.#visible(viewer);
    const books = wanted === undefined ? visible : visible.filter(({ id }) => id === wanted);
    if (wanted !== undefined && books.length === 0) {
      throw noBook();
    }
    return this.#store.list({
      bookIds: books.map(({ id }) => id),
      search,
      sort,
      direction,
      offset: (page - 1) * pageSize,
      limit: pageSize,
    });
  }

  async findContact(
    actor: Actor,
    id: number,
  ): Promise<{
    readonly contact: StoredContact;
    readonly book: Phonebook;
    readonly mayEdit: boolean;
  }> {
    const [contact] = await this.#store.findContacts([id]);
    const viewer = await this.#viewerOf(actor);
    const book =
      contact === undefined ? undefined : await this.#findVisible(contact.bookId, viewer);
    if (contact === undefined || book === undefined) {
      throw new PhonebooksError('not-found', 'There is no such contact.');
    }
    return { contact, book, mayEdit: mayEdit(book, viewer) };
  }

  async createContact(
    actor: Actor,
    bookId: string,
    input: ContactInput,
  ): Promise<{ readonly contact: StoredContact; readonly changeId: number }> {
    const book = await this.requireEditable(actor, bookId);
    const contact = requireValid(input, undefined);
    await this.requireRoom(book, 1);
    const { changeId, contactIds } = await this.#store.commit({
      actor,
      action: 'contact-created',
      book,
      title: contact.name,
      writes: [{ after: contact }],
    });
    return { contact: await this.#requireOne(contactIds[0] ?? 0), changeId };
  }

  async updateContact(
    actor: Actor,
    id: number,
    input: ContactInput,
    ifVersion?: number,
  ): Promise<{ readonly contact: StoredContact; readonly changeId: number }> {
    const { contact: before, book, mayEdit: isAllowed } = await this.findContact(actor, id);
    requireAllowed(isAllowed);
    requireVersion(before.version, ifVersion);
    const after = requireValid(input, before);
    const { changeId } = await this.#store.commit({
      actor,
      action: 'contact-changed',
      book,
      title: after.name,
      writes: [{ before, after }],
    });
    return { contact: await this.#requireOne(id), changeId };
  }

  /** All of one book. Returns the number of the change. */
  async deleteContacts(actor: Actor, ids: readonly number[], ifVersion?: number): Promise<number> {
    const contacts = await this.#store.findContacts([...new Set(ids)]);
    const [first] = contacts;
    if (first === undefined || contacts.length < new Set(ids).size) {
      throw new PhonebooksError('not-found', 'Some of the contacts are not there any more.');
    }
    if (contacts.some(({ bookId }) => bookId !== first.bookId)) {
      const message = 'Contacts of one phonebook at a time.';
      throw new PhonebooksError('invalid', message, [{ path: 'ids', code: 'mixed', message }]);
    }
    const book = await this.requireEditable(actor, first.bookId);
    requireVersion(first.version, ifVersion);
    return this.#delete(actor, book, contacts);
  }

  /** What a search leaves of a book, or all of it. Returns the number of the change. */
  async deleteMatching(actor: Actor, bookId: string, search: string | undefined): Promise<number> {
    const book = await this.requireEditable(actor, bookId);
    const { items } = await this.#store.list({
      bookIds: [book.id],
      search,
      sort: 'name',
      direction: 'asc',
      offset: 0,
      limit: contactLimits.contactsPerBook,
    });
    return this.#delete(actor, book, items);
  }

  async changes(
    actor: Actor,
    query: {
      readonly bookId?: string | undefined;
      readonly page: number;
      readonly pageSize: number;
    },
  ): Promise<Page<ListedChange>> {
    const viewer = await this.#viewerOf(actor);
    const { page, pageSize } = query;
    const editable = await this.#changeableBookIds(viewer);
    const wanted = query.bookId === ownBookAlias ? personalBookId(actor.userId) : query.bookId;
    const { items, total } = await this.#store.listChanges({
      bookIds: wanted === undefined ? editable : editable.filter((id) => id === wanted),
      offset: (page - 1) * pageSize,
      limit: pageSize,
    });
    return {
      items: items.map((change) => ({ ...change, mayUndo: change.undoneBy === undefined })),
      total,
    };
  }

  /**
   * Puts everything back as it was before a change. Refused with `conflict` when some of it was changed
   * again since. Returns the number of the change that does it: it can be taken back in turn.
   */
  async undo(actor: Actor, changeId: number): Promise<number> {
    const viewer = await this.#viewerOf(actor);
    const change = await this.#store.findChange(changeId);
    if (change === undefined || !(await this.#changeableBookIds(viewer)).includes(change.bookId)) {
      throw new PhonebooksError('not-found', 'There is no such change.');
    }
    if (change.undoneBy !== undefined) {
      throw new PhonebooksError('conflict', 'The change was taken back already.');
    }
    const book = await this.#store.findBook(change.bookId);
    const bookAfter = this.#formerBook(change, book);
    const current = book ?? (bookAfter === null ? undefined : bookAfter);
    if (current === undefined) {
      throw new PhonebooksError('conflict', 'The phonebook does not exist any more.');
    }
    if (change.bookBefore !== undefined || change.bookVersion !== undefined) {
      requireAdministrator(actor);
    }
    const done = await this.#store.commit({
      actor,
      action: 'undone',
      book: book ?? { ...current, version: 0 },
      bookAfter,
      title: change.title,
      writes: await this.#inverse(change),
      undoes: changeId,
    });
    return done.changeId;
  }

  /** The book, when the actor may change it. */
  async requireEditable(actor: Actor, bookId: string): Promise<Phonebook> {
    const viewer = await this.#viewerOf(actor);
    const id = bookId === ownBookAlias ? personalBookId(actor.userId) : bookId;
    const book = await this.#findVisible(id, viewer);
    if (book === undefined) {
      throw noBook();
    }
    requireAllowed(mayEdit(book, viewer));
    return book;
  }

  async requireRoom(book: Phonebook, more: number): Promise<void> {
    const limit =
      book.kind === 'personal' ? contactLimits.personalContacts : contactLimits.contactsPerBook;
    const count = (await this.#store.countByBook()).get(book.id) ?? 0;
    if (count + more > limit) {
      const message = `A phonebook holds at most ${String(limit)} contacts.`;
      throw new PhonebooksError('too-large', message);
    }
  }

  /** What is told of users who were deleted with everything of theirs. */
  async erase(userIds: readonly string[]): Promise<void> {
    const ids = userIds.map(personalBookId);
    await this.#store.erase(ids);
  }

  async #delete(
    actor: Actor,
    book: Phonebook,
    contacts: readonly StoredContact[],
  ): Promise<number> {
    const [first] = contacts;
    const title = contacts.length === 1 ? (first?.name ?? '') : '';
    const writes = contacts.map((before): ContactWrite => ({ before }));
    const done = await this.#store.commit({
      actor,
      action: 'contacts-deleted',
      book,
      title,
      writes,
    });
    return done.changeId;
  }

  /** What the book was before the change; null: it was not there; undefined: it was not touched. */
  #formerBook(change: StoredChange, book: Phonebook | undefined): Phonebook | null | undefined {
    if (change.action === 'book-deleted' || change.bookBefore !== undefined) {
      if ((book?.version ?? undefined) !== change.bookVersion) {
        throw changedAgain();
      }
      return change.bookBefore === undefined
        ? undefined
        : {
            ...change.bookBefore,
            version: Math.max(book?.version ?? 0, change.bookBefore.version) + 1,
          };
    }
    if (change.action === 'book-created') {
      if (book?.version !== change.bookVersion) {
        throw changedAgain();
      }
      return null;
    }
    return undefined;
  }

  async #inverse(change: StoredChange): Promise<ContactWrite[]> {
    const items = await this.#store.itemsOf(change.id);
    const now = new Map(
      (await this.#store.findContacts(items.map(({ contact_id }) => contact_id))).map((contact) => [
        contact.id,
        contact,
      ]),
    );
    if (change.action === 'book-created' && (await this.#allOf(change.bookId)).length > 0) {
      throw changedAgain();
    }
    return items.map(({ contact_id, before_contact, after_version }): ContactWrite => {
      const before = now.get(contact_id);
      if ((before?.version ?? null) !== after_version) {
        throw changedAgain();
      }
      const after =
        before_contact === null ? undefined : (JSON.parse(before_contact) as StoredContact);
      return before === undefined ? { id: contact_id, after } : { before, after };
    });
  }

  async #changeableBookIds(viewer: Viewer): Promise<string[]> {
    const editable = (await this.#visible(viewer)).filter((book) => mayEdit(book, viewer));
    const ids = new Set(editable.map(({ id }) => id));
    if (viewer.isAdministrator) {
      const existing = new Set((await this.#store.books()).map(({ id }) => id));
      for (const id of await this.#store.changedBookIds()) {
        // Of books that were deleted; somebody else's personal book is nobody's business.
        if (!existing.has(id) && !id.startsWith('user-')) {
          ids.add(id);
        }
      }
    }
    return [...ids];
  }

  /** What the phone of a user shows; without a user what is for everyone. */
  async booksOfUser(userId: string | undefined): Promise<Phonebook[]> {
    await this.#colleagues.bringUpToDate();
    const user = userId === undefined ? undefined : await this.#configuration.findUser(userId);
    const { department } = user?.document ?? {};
    return this.#visible({ userId, department, isAdministrator: false });
  }

  async #viewerOf({ userId, role }: Actor): Promise<Viewer> {
    const user = await this.#configuration.findUser(userId);
    return { userId, department: user?.document.department, isAdministrator: role !== 'user' };
  }

  async #visible(viewer: Viewer): Promise<Phonebook[]> {
    const all = (await this.#store.books()).filter((book) => maySee(book, viewer));
    const own =
      all.find(({ kind }) => kind === 'personal') ??
      (viewer.userId === undefined ? undefined : ownBook(viewer.userId));
    return [
      ...(own === undefined ? [] : [own]),
      colleaguesBook,
      ...all.filter(({ kind }) => kind === 'shared'),
    ];
  }

  async #findVisible(id: string, viewer: Viewer): Promise<Phonebook | undefined> {
    return (await this.#visible(viewer)).find((book) => book.id === id);
  }

  async #requireShared(id: string, ifVersion: number | undefined): Promise<Phonebook> {
    const book = await this.#store.findBook(id);
    if (book?.kind !== 'shared') {
      throw noBook();
    }
    requireVersion(book.version, ifVersion);
    return book;
  }

  async #requireOne(id: number): Promise<StoredContact> {
    const [contact] = await this.#store.findContacts([id]);
    if (contact === undefined) {
      throw new PhonebooksError('not-found', 'The contact was deleted at the same moment.');
    }
    return contact;
  }

  async #allOf(bookId: string): Promise<StoredContact[]> {
    const contacts: StoredContact[] = [];
    for await (const contact of this.#store.contactsOf(bookId)) {
      contacts.push(contact);
    }
    return contacts;
  }

  #checkBook(all: readonly Phonebook[], book: Phonebook): Phonebook {
    const name = book.name.normalize('NFC').replace(/\s+/g, ' ').trim();
    if (name === '' || name.length > maximumBookName || /\p{Cc}/u.test(name)) {
      const message = `a name of 1 to ${String(maximumBookName)} characters is required`;
      throw new PhonebooksError('invalid', 'The name is not valid.', [
        { path: 'name', code: 'invalid-value', message },
      ]);
    }
    const isTaken = all.some(
      (other) =>
        other.kind === 'shared' &&
        other.id !== book.id &&
        other.name.toLowerCase() === name.toLowerCase(),
    );
    if (isTaken) {
      throw new PhonebooksError('conflict', `There is a phonebook ${name} already.`, [
        { path: 'name', code: 'repeated', message: 'another phonebook has this name' },
      ]);
    }
    return { ...book, name };
  }
}

function requireValid(input: ContactInput, before: StoredContact | undefined): Contact {
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...withoutUndefined(input) }).map(([name, value]) => [
      name,
      value ?? undefined,
    ]),
  ) as Partial<Contact>;
  const { contact, issues } = checkContact(merged);
  if (issues.length > 0) {
    throw new PhonebooksError('invalid', 'Some values of the contact are not valid.', issues);
  }
  return contact;
}

function withoutUndefined(input: ContactInput): ContactInput {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

function requireAdministrator({ role }: Actor): void {
  requireAllowed(role !== 'user');
}

function requireAllowed(isAllowed: boolean): void {
  if (!isAllowed) {
    throw new PhonebooksError('forbidden', 'You may read this phonebook but not change it.');
  }
}

function requireVersion(version: number, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== version) {
    throw new PhonebooksError('stale', 'It was changed in between.');
  }
}

function noBook(): PhonebooksError {
  return new PhonebooksError('not-found', 'There is no such phonebook.');
}

function changedAgain(): PhonebooksError {
  const message = 'Some of it was changed again since: it cannot be taken back any more.';
  return new PhonebooksError('conflict', message);
}
