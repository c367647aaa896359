/** What accounts do with phonebooks and contacts. Methods reject with PhonebooksError. */
import { randomId } from '../../foundation/ids.ts';
import type { Actor } from '../actor.ts';
import type { Page } from '../configuration-store/configuration-store.ts';
import type { Colleagues } from './colleagues.ts';
import type { ContactSortKey } from './store/contact-reader.ts';
import { checkContact, contactLimits, type Contact, type StoredContact } from './contact.ts';
import { everyone, mayEdit, personalBookId, type Phonebook, type Readers } from './phonebook.ts';
import {
  noBook,
  requireAdministrator,
  requireAllowed,
  toBookId,
  type PhonebookRights,
} from './phonebook-rights.ts';
import type { ContactWrite, PhonebookStore } from './store/phonebook-store.ts';
import { PhonebooksError } from './phonebooks-error.ts';

export interface ListedPhonebook {
  readonly book: Phonebook;
  readonly contacts: number;
  readonly mayEdit: boolean;
}

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

/** Shared books; more are not found in a list. */
const maximumBooks = 200;
const maximumBookName = 60;

export class PhonebooksService {
  readonly #store: PhonebookStore;
  readonly #rights: PhonebookRights;
  readonly #colleagues: Colleagues;

  constructor(options: {
    readonly store: PhonebookStore;
    readonly rights: PhonebookRights;
    readonly colleagues: Colleagues;
  }) {
    this.#store = options.store;
    this.#rights = options.rights;
    this.#colleagues = options.colleagues;
  }

  /** The own book first, then colleagues, then shared ones by name. */
  async books(actor: Actor): Promise<ListedPhonebook[]> {
    await this.#colleagues.bringUpToDate();
    const viewer = await this.#rights.viewerOf(actor);
    const counts = await this.#store.contacts.countByBook();
    return (await this.#rights.visible(viewer)).map((book) => ({
      book,
      contacts: counts.get(book.id) ?? 0,
      mayEdit: mayEdit(book, viewer),
    }));
  }

  async findBook(actor: Actor, id: string): Promise<ListedPhonebook> {
    const wanted = toBookId(actor, id);
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
    const writes: ContactWrite[] = [];
    for await (const before of this.#store.contacts.contactsOf(book.id)) {
      writes.push({ before });
    }
    const done = await this.#store.commit({
      actor,
      action: 'book-deleted',
      book,
      bookAfter: null,
      title: book.name,
      writes,
    });
    return done.changeId;
  }

  async list(actor: Actor, query: ContactListQuery): Promise<Page<StoredContact>> {
    await this.#colleagues.bringUpToDate();
    const { bookId, search, sort, direction, page, pageSize } = query;
    const viewer = await this.#rights.viewerOf(actor);
    const wanted = bookId === undefined ? undefined : toBookId(actor, bookId);
    const visible = await this.#rights.visible(viewer);
    const books = wanted === undefined ? visible : visible.filter(({ id }) => id === wanted);
    if (wanted !== undefined && books.length === 0) {
      throw noBook();
    }
    return this.#store.contacts.list({
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
    const [contact] = await this.#store.contacts.find([id]);
    const viewer = await this.#rights.viewerOf(actor);
    const book =
      contact === undefined ? undefined : await this.#rights.findVisible(contact.bookId, viewer);
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
    const book = await this.#rights.requireEditable(actor, bookId);
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
    const contacts = await this.#store.contacts.find([...new Set(ids)]);
    const [first] = contacts;
    if (first === undefined || contacts.length < new Set(ids).size) {
      throw new PhonebooksError('not-found', 'Some of the contacts are not there any more.');
    }
    if (contacts.some(({ bookId }) => bookId !== first.bookId)) {
      const message = 'Contacts of one phonebook at a time.';
      throw new PhonebooksError('invalid', message, [{ path: 'ids', code: 'mixed', message }]);
    }
    const book = await this.#rights.requireEditable(actor, first.bookId);
    requireVersion(first.version, ifVersion);
    return this.#delete(actor, book, contacts);
  }

  /** What a search leaves of a book, or all of it. Returns the number of the change. */
  async deleteMatching(actor: Actor, bookId: string, search: string | undefined): Promise<number> {
    const book = await this.#rights.requireEditable(actor, bookId);
    const { items } = await this.#store.contacts.list({
      bookIds: [book.id],
      search,
      sort: 'name',
      direction: 'asc',
      offset: 0,
      limit: contactLimits.contactsPerBook,
    });
    return this.#delete(actor, book, items);
  }

  async requireRoom(book: Phonebook, more: number): Promise<void> {
    const limit =
      book.kind === 'personal' ? contactLimits.personalContacts : contactLimits.contactsPerBook;
    const count = (await this.#store.contacts.countByBook()).get(book.id) ?? 0;
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

  async #requireShared(id: string, ifVersion: number | undefined): Promise<Phonebook> {
    const book = await this.#store.findBook(id);
    if (book?.kind !== 'shared') {
      throw noBook();
    }
    requireVersion(book.version, ifVersion);
    return book;
  }

  async #requireOne(id: number): Promise<StoredContact> {
    const [contact] = await this.#store.contacts.find([id]);
    if (contact === undefined) {
      throw new PhonebooksError('not-found', 'The contact was deleted at the same moment.');
    }
    return contact;
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

function requireVersion(version: number, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== version) {
    throw new PhonebooksError('stale', 'It was changed in between.');
  }
}
