/** Which phonebooks an account or a phone sees, which of them an account may change. */
import type { Actor } from '../actor.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import type { Colleagues } from './colleagues.ts';
import {
  colleaguesBook,
  mayEdit,
  maySee,
  ownBook,
  personalBookId,
  type Phonebook,
  type Viewer,
} from './phonebook.ts';
import type { PhonebookStore } from './store/phonebook-store.ts';
import { PhonebooksError } from './phonebooks-error.ts';

/** How the web asks for the own personal book, which may not exist yet. */
const ownBookAlias = 'own';

export class PhonebookRights {
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

  /** The book, when the actor may change it. */
  async requireEditable(actor: Actor, bookId: string): Promise<Phonebook> {
    const viewer = await this.viewerOf(actor);
    const id = toBookId(actor, bookId);
    const book = await this.findVisible(id, viewer);
    if (book === undefined) {
      throw noBook();
    }
    requireAllowed(mayEdit(book, viewer));
    return book;
  }

  /** What the phone of a user shows; without a user what is for everyone. */
  async booksOfUser(userId: string | undefined): Promise<Phonebook[]> {
    await this.#colleagues.bringUpToDate();
    const user = userId === undefined ? undefined : await this.#configuration.findUser(userId);
    const { department } = user?.document ?? {};
    return this.visible({ userId, department, isAdministrator: false });
  }

  /** As whom an account looks at phonebooks. */
  async viewerOf({ userId, role }: Actor): Promise<Viewer> {
    const user = await this.#configuration.findUser(userId);
    return { userId, department: user?.document.department, isAdministrator: role !== 'user' };
  }

  /** The own book first, even before it exists, then colleagues, then shared ones by name. */
  async visible(viewer: Viewer): Promise<Phonebook[]> {
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

  async findVisible(id: string, viewer: Viewer): Promise<Phonebook | undefined> {
    return (await this.visible(viewer)).find((book) => book.id === id);
  }
}

/** The id of the book that the web calls `id`. */
export function toBookId(actor: Actor, id: string): string {
  return id === ownBookAlias ? personalBookId(actor.userId) : id;
}

export function requireAdministrator({ role }: Actor): void {
  requireAllowed(role !== 'user');
}

export function requireAllowed(isAllowed: boolean): void {
  if (!isAllowed) {
    throw new PhonebooksError('forbidden', 'You may read this phonebook but not change it.');
  }
}

export function noBook(): PhonebooksError {
  return new PhonebooksError('not-found', 'There is no such phonebook.');
}
