/** The history of phonebooks as accounts see it, and the taking back. Methods reject with PhonebooksError. */
import type { Actor } from '../actor.ts';
import type { Page } from '../configuration-store/configuration-store.ts';
import type { StoredChange } from './store/change-history.ts';
import type { StoredContact } from './contact.ts';
import { mayEdit, type Phonebook, type Viewer } from './phonebook.ts';
import { requireAdministrator, toBookId, type PhonebookRights } from './phonebook-rights.ts';
import type { ContactWrite, PhonebookStore } from './store/phonebook-store.ts';
import { PhonebooksError } from './phonebooks-error.ts';

export interface ListedChange extends StoredChange {
  readonly mayUndo: boolean;
}

export class PhonebookChanges {
  readonly #store: PhonebookStore;
  readonly #rights: PhonebookRights;

  constructor(store: PhonebookStore, rights: PhonebookRights) {
    this.#store = store;
    this.#rights = rights;
  }

  async list(
    actor: Actor,
    query: {
      readonly bookId?: string | undefined;
      readonly page: number;
      readonly pageSize: number;
    },
  ): Promise<Page<ListedChange>> {
    const viewer = await this.#rights.viewerOf(actor);
    const { page, pageSize } = query;
    const editable = await this.#changeableBookIds(viewer);
    const wanted = query.bookId === undefined ? undefined : toBookId(actor, query.bookId);
    const { items, total } = await this.#store.history.list({
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
    const viewer = await this.#rights.viewerOf(actor);
    const change = await this.#store.history.find(changeId);
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
    const items = await this.#store.history.itemsOf(change.id);
    const now = new Map(
      (await this.#store.contacts.find(items.map(({ contact_id }) => contact_id))).map(
        (contact) => [contact.id, contact],
      ),
    );
    if (
      change.action === 'book-created' &&
      (await this.#store.contacts.countByBook()).has(change.bookId)
    ) {
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
    const editable = (await this.#rights.visible(viewer)).filter((book) => mayEdit(book, viewer));
    const ids = new Set(editable.map(({ id }) => id));
    if (viewer.isAdministrator) {
      const existing = new Set((await this.#store.books()).map(({ id }) => id));
      for (const id of await this.#store.history.bookIds()) {
        // Of books that were deleted; somebody else's personal book is nobody's business.
        if (!existing.has(id) && !id.startsWith('user-')) {
          ids.add(id);
        }
      }
    }
    return [...ids];
  }
}

function changedAgain(): PhonebooksError {
  const message = 'Some of it was changed again since: it cannot be taken back any more.';
  return new PhonebooksError('conflict', message);
}
