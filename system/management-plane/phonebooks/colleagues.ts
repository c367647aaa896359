/**
 * The internal directory: every user with an extension as a phonebook by itself. It is a copy of the
 * configuration's users in the database of phonebooks, so that one query searches everything; made
 * when somebody looks, never for nobody.
 */
import type { User } from '../../configuration/entities/user.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import { contactLimits, type Contact, type ContactNumber, type StoredContact } from './contact.ts';
import { toContact } from './store/contact-rows.ts';
import { colleaguesBook, colleaguesId } from './phonebook.ts';
import type { ContactWrite, PhonebookStore } from './store/phonebook-store.ts';

export class Colleagues {
  readonly #store: PhonebookStore;
  readonly #configuration: Pick<ConfigurationStore, 'allUsers' | 'onRevision'>;
  #isCurrent = false;
  #work: Promise<void> = Promise.resolve();
  readonly #stop: () => void;

  constructor(options: {
    readonly store: PhonebookStore;
    readonly configuration: Pick<ConfigurationStore, 'allUsers' | 'onRevision'>;
  }) {
    this.#store = options.store;
    this.#configuration = options.configuration;
    this.#stop = this.#configuration.onRevision((revision) => {
      const isAll = revision.operationCount > revision.operations.length;
      if (isAll || revision.operations.some(({ entity }) => entity === 'user')) {
        this.#isCurrent = false;
      }
    });
  }

  /** Resolves when the book shows the users as they are now. */
  bringUpToDate(): Promise<void> {
    if (this.#isCurrent) {
      return this.#work;
    }
    this.#isCurrent = true;
    this.#work = this.#work
      .then(() => this.#copy())
      .catch((error: unknown) => {
        this.#isCurrent = false;
        this.#work = Promise.resolve();
        throw error;
      });
    return this.#work;
  }

  close(): void {
    this.#stop();
  }

  async #copy(): Promise<void> {
    const users = await this.#configuration.allUsers();
    const copies = new Map(await this.#store.contacts.colleagueSources(colleaguesId));
    const writes: ContactWrite[] = [];
    for (const user of users) {
      const after = toColleague(user);
      const before = copies.get(user.id);
      if (after !== undefined) {
        copies.delete(user.id);
        if (before === undefined || !isSame(before, after)) {
          writes.push({ before, after, sourceId: user.id });
        }
      }
    }
    writes.push(...[...copies.values()].map((before) => ({ before })));
    if (writes.length > 0) {
      await this.#store.mirror(colleaguesBook, writes);
    }
  }
}

function toColleague({ document }: Stored<User>): Contact | undefined {
  const { name, extension, mobilePhone, email, department, enabled } = document;
  if (!enabled || extension === undefined) {
    return undefined;
  }
  const numbers: ContactNumber[] = [{ kind: 'extension', number: extension }];
  if (mobilePhone !== undefined) {
    numbers.push({ kind: 'mobile', number: mobilePhone });
  }
  return {
    name: name.slice(0, contactLimits.name),
    numbers,
    ...(department === undefined ? {} : { organization: department }),
    ...(email === undefined ? {} : { email }),
  };
}

function isSame(before: StoredContact, after: Contact): boolean {
  return JSON.stringify(toContact(before)) === JSON.stringify(toContact(after));
}
