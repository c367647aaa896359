/**
 * Phonebooks in their database. Every change is one transaction together with what takes it back:
 * after `kill -9` there is all of it or nothing. Large changes give way between pieces, so that the
 * web goes on answering.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import type { Clock } from '../../../foundation/clock.ts';
import { TypedEmitter } from '../../../foundation/typed-emitter.ts';
import { inChunks } from '../../storage/column-value.ts';
import type { PreparedInsert } from '../../storage/prepared-insert.ts';
import { ChangeHistory, type ChangeAction } from './change-history.ts';
import type { Contact, StoredContact } from '../contact.ts';
import { ContactReader } from './contact-reader.ts';
import { toContactRow, toNumberRows } from './contact-rows.ts';
import type { NumberKeys } from './number-keys.ts';
import type { Phonebook } from '../phonebook.ts';
import { toPhonebook, toPhonebookRow } from './phonebook-rows.ts';
import type {
  ContactNumberRow,
  ContactRow,
  ChangeItemRow,
  PhonebookDatabase,
  PhonebookTables,
} from './phonebook-tables.ts';
import { PhonebooksError } from '../phonebooks-error.ts';

/** Without `before` a contact is made, without `after` it is deleted. */
export interface ContactWrite {
  readonly before?: StoredContact | undefined;
  readonly after?: Contact | undefined;
  /** Restores a contact under the id that it had. */
  readonly id?: number | undefined;
  /** Of colleagues. */
  readonly sourceId?: string | undefined;
}

export interface Change {
  readonly actor: { readonly userId: string; readonly name: string };
  readonly action: ChangeAction;
  readonly book: Phonebook;
  readonly title: string;
  readonly writes?: readonly ContactWrite[];
  /** What becomes of the book itself: its new state, or null when it is deleted. */
  readonly bookAfter?: Phonebook | null | undefined;
  /** The change that this one takes back. */
  readonly undoes?: number | undefined;
}

export interface ChangeDone {
  readonly changeId: number;
  /** Of the contacts that are there after the change. */
  readonly contactIds: readonly number[];
}

/** Contacts written before other work gets its turn. */
const writesPerTurn = 250;

export class PhonebookStore {
  readonly contacts: ContactReader;
  readonly history: ChangeHistory;
  readonly changed = new TypedEmitter<{ changed: [bookId: string] }>(() => undefined);
  readonly #database: PhonebookDatabase;
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #loadKeys: () => Promise<NumberKeys>;
  readonly #insertContact: PreparedInsert<ContactRow>;
  readonly #insertNumber: PreparedInsert<ContactNumberRow>;
  readonly #insertItem: PreparedInsert<ChangeItemRow>;
  #nextId: number;

  static async open(options: {
    readonly database: PhonebookDatabase;
    readonly clock: Pick<Clock, 'wallMs'>;
    readonly loadKeys: () => Promise<NumberKeys>;
  }): Promise<PhonebookStore> {
    const { queries } = options.database;
    const highest = async (table: 'contacts' | 'change_items'): Promise<number> => {
      const column =
        table === 'contacts' ? sql<number | null>`max(id)` : sql<number | null>`max(contact_id)`;
      const row = await queries
        .selectFrom(table)
        .select(column.as('highest'))
        .executeTakeFirstOrThrow();
      return row.highest ?? 0;
    };
    return new PhonebookStore(
      options,
      Math.max(await highest('contacts'), await highest('change_items')) + 1,
    );
  }

  private constructor(options: Parameters<typeof PhonebookStore.open>[0], nextId: number) {
    const { database, clock, loadKeys } = options;
    this.#database = database;
    this.contacts = new ContactReader(database);
    this.history = new ChangeHistory(database);
    this.#clock = clock;
    this.#loadKeys = loadKeys;
    this.#nextId = nextId;
    this.#insertContact = database.prepareInsert('contacts', [
      'id',
      'book_id',
      'version',
      'name',
      'search_text',
      'name_fold',
      'reversed_fold',
      'first_fold',
      'last_fold',
      'organization_fold',
      'organization_order',
      'email_fold',
      'speed_code',
      'source_id',
      'document',
    ]);
    this.#insertNumber = database.prepareInsert('contact_numbers', [
      'contact_id',
      'position',
      'kind',
      'dialled',
      'lookup_key',
    ]);
    this.#insertItem = database.prepareInsert('change_items', [
      'change_id',
      'contact_id',
      'before_contact',
      'after_version',
    ]);
  }

  async books(): Promise<Phonebook[]> {
    const rows = await this.#database.queries
      .selectFrom('phonebooks')
      .selectAll()
      .orderBy('name')
      .execute();
    return rows.map(toPhonebook);
  }

  async findBook(id: string): Promise<Phonebook | undefined> {
    const row = await this.#database.queries
      .selectFrom('phonebooks')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : toPhonebook(row);
  }

  /** Above every contact's id. */
  get endOfIds(): number {
    return this.#nextId;
  }

  /** Rejects with PhonebooksError `conflict` when a speed code is taken. */
  async commit(change: Change): Promise<ChangeDone> {
    const writes = change.writes ?? [];
    const keys = writes.length === 0 ? undefined : await this.#loadKeys();
    const done = await this.#database.transaction(async (transaction) => {
      await this.#writeBook(transaction, change);
      const changeId = await this.#insertChange(transaction, change);
      const contactIds: number[] = [];
      for (let start = 0; start < writes.length; start += writesPerTurn) {
        const piece = writes.slice(start, start + writesPerTurn);
        await deleteContacts(
          transaction,
          piece.flatMap(({ before }) => (before === undefined ? [] : [before.id])),
        );
        for (const write of piece) {
          const id = this.#write(change, changeId, write, keys);
          if (write.after !== undefined) {
            contactIds.push(id);
          }
        }
        await nextTurn();
      }
      if (change.undoes !== undefined) {
        await transaction
          .updateTable('changes')
          .set({ undone_by: changeId })
          .where('id', '=', change.undoes)
          .execute();
      }
      return { changeId, contactIds };
    });
    this.changed.emit('changed', change.book.id);
    return done;
  }

  /** Changes without a history: what the system keeps by itself. */
  async mirror(book: Phonebook, writes: readonly ContactWrite[]): Promise<void> {
    const keys = await this.#loadKeys();
    await this.#database.transaction(async (transaction) => {
      await this.#writeBook(transaction, { book, bookAfter: book });
      for (let start = 0; start < writes.length; start += writesPerTurn) {
        const piece = writes.slice(start, start + writesPerTurn);
        await deleteContacts(
          transaction,
          piece.flatMap(({ before }) => (before === undefined ? [] : [before.id])),
        );
        for (const write of piece) {
          this.#write({ book }, undefined, write, keys);
        }
        await nextTurn();
      }
    });
  }

  async findSecret(name: string): Promise<string | undefined> {
    const row = await this.#database.queries
      .selectFrom('secrets')
      .select('sealed')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.sealed;
  }

  async storeSecret(name: string, sealed: string): Promise<void> {
    await this.#database.queries.replaceInto('secrets').values({ name, sealed }).execute();
  }

  /** Books with everything that was ever in them, so that nothing of it is left in the files. */
  async erase(bookIds: readonly string[]): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const contacts = transaction
        .selectFrom('contacts')
        .select('id')
        .where('book_id', 'in', bookIds);
      const changes = transaction
        .selectFrom('changes')
        .select('id')
        .where('book_id', 'in', bookIds);
      await transaction.deleteFrom('contact_numbers').where('contact_id', 'in', contacts).execute();
      await transaction.deleteFrom('contacts').where('book_id', 'in', bookIds).execute();
      await transaction.deleteFrom('change_items').where('change_id', 'in', changes).execute();
      await transaction.deleteFrom('changes').where('book_id', 'in', bookIds).execute();
      await transaction.deleteFrom('phonebooks').where('id', 'in', bookIds).execute();
    });
    await this.#database.flushDeleted();
    for (const bookId of bookIds) {
      this.changed.emit('changed', bookId);
    }
  }

  /** Numbers are found under other keys: the system stands in another country now. */
  async renewKeys(): Promise<void> {
    const keys = await this.#loadKeys();
    for (let after = 0; after < this.#nextId; after += writesPerTurn) {
      const rows = await this.#database.queries
        .selectFrom('contacts')
        .select(['id', 'document'])
        .where('id', '>', after)
        .where('id', '<=', after + writesPerTurn)
        .execute();
      await this.#database.transaction(async (transaction) => {
        const ids = rows.map(({ id }) => id);
        await transaction.deleteFrom('contact_numbers').where('contact_id', 'in', ids).execute();
        for (const { id, document } of rows) {
          for (const row of toNumberRows(id, JSON.parse(document) as Contact, keys)) {
            this.#insertNumber.run(row);
          }
        }
      });
      await nextTurn();
    }
  }

  async #writeBook(
    transaction: Transaction<PhonebookTables>,
    { book, bookAfter }: Pick<Change, 'book' | 'bookAfter'>,
  ): Promise<void> {
    if (bookAfter === null) {
      await transaction.deleteFrom('phonebooks').where('id', '=', book.id).execute();
      return;
    }
    const row = toPhonebookRow(bookAfter ?? book);
    if (bookAfter === undefined) {
      // A personal book comes into being with its first contact.
      await transaction
        .insertInto('phonebooks')
        .values({ ...row, version: Math.max(1, row.version) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    } else {
      await transaction.replaceInto('phonebooks').values(row).execute();
    }
  }

  async #insertChange(transaction: Transaction<PhonebookTables>, change: Change): Promise<number> {
    const { actor, action, book, title, bookAfter } = change;
    const { id } = await transaction
      .insertInto('changes')
      .values({
        at_ms: this.#clock.wallMs(),
        actor_id: actor.userId,
        actor_name: actor.name.slice(0, 100),
        action,
        book_id: book.id,
        book_name: (bookAfter ?? book).name,
        title: title.slice(0, 120),
        contact_count: change.writes?.length ?? 0,
        undone_by: null,
        book_before:
          bookAfter === undefined || book.version === 0
            ? null
            : JSON.stringify(toPhonebookRow(book)),
        book_version: bookAfter?.version ?? null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  /** Returns the contact's id. */
  #write(
    { book }: Pick<Change, 'book'>,
    changeId: number | undefined,
    { before, after, id: formerId, sourceId }: ContactWrite,
    keys: NumberKeys | undefined,
  ): number {
    const id = before?.id ?? formerId ?? this.#nextId++;
    const version = (before?.version ?? 0) + 1;
    // A restored contact must not have a version that it had before.
    const newVersion = formerId === undefined ? version : version + (changeId ?? 0);
    if (after !== undefined && keys !== undefined) {
      const row = toContactRow({ id, bookId: book.id, version: newVersion }, after, sourceId);
      if (!this.#insertContact.run(row)) {
        const message = `The speed code ${after.speedCode ?? ''} belongs to another contact of ${book.name}.`;
        throw new PhonebooksError('conflict', message, [
          { path: 'speedCode', code: 'repeated', message: 'another contact has this speed code' },
        ]);
      }
      for (const number of toNumberRows(id, after, keys)) {
        this.#insertNumber.run(number);
      }
    }
    if (changeId !== undefined) {
      this.#insertItem.run({
        change_id: changeId,
        contact_id: id,
        before_contact: before === undefined ? null : JSON.stringify(before),
        after_version: after === undefined ? null : newVersion,
      });
    }
    return id;
  }
}

async function deleteContacts(
  transaction: Transaction<PhonebookTables>,
  ids: readonly number[],
): Promise<void> {
  for (const chunk of inChunks(ids)) {
    await transaction.deleteFrom('contact_numbers').where('contact_id', 'in', chunk).execute();
    await transaction.deleteFrom('contacts').where('id', 'in', chunk).execute();
  }
}
