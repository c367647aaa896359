/**
 * Phonebooks in their database. Every change is one transaction together with what takes it back:
 * after `kill -9` there is all of it or nothing. Large changes give way between pieces, so that the
 * web goes on answering.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type ExpressionBuilder, type Transaction } from 'kysely';
import type { Clock } from '../../foundation/clock.ts';
import { TypedEmitter } from '../../foundation/typed-emitter.ts';
import type { Page } from '../configuration-store/configuration-store.ts';
import { inChunks } from '../storage/column-value.ts';
import type { PreparedInsert } from '../storage/prepared-insert.ts';
import type { Contact, StoredContact } from './contact.ts';
import { fromContactRow, toContactRow, toNumberRows } from './contact-rows.ts';
import { foldWords } from './fold-name.ts';
import type { NumberKeys } from './number-keys.ts';
import { everyone, type Phonebook, type Readers } from './phonebook.ts';
import type {
  ContactNumberRow,
  ContactRow,
  ChangeItemRow,
  ChangeRow,
  PhonebookDatabase,
  PhonebookRow,
  PhonebookTables,
} from './phonebook-tables.ts';
import { PhonebooksError } from './phonebooks-error.ts';

export type ChangeAction =
  | 'book-created'
  | 'book-changed'
  | 'book-deleted'
  | 'contact-created'
  | 'contact-changed'
  | 'contacts-deleted'
  | 'imported'
  | 'undone';

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

export interface ContactQuery {
  readonly bookIds: readonly string[];
  readonly search?: string | undefined;
  readonly sort: ContactSortKey;
  readonly direction: 'asc' | 'desc';
  readonly offset: number;
  readonly limit: number;
}

export const contactSortKeys = ['name', 'organization'] as const;
export type ContactSortKey = (typeof contactSortKeys)[number];

export interface StoredChange {
  readonly id: number;
  readonly atMs: number;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: ChangeAction;
  readonly bookId: string;
  readonly bookName: string;
  readonly title: string;
  readonly contactCount: number;
  readonly undoneBy: number | undefined;
  readonly bookBefore: Phonebook | undefined;
  readonly bookVersion: number | undefined;
}

/** A number that shows a name. */
export interface NamedContactNumber {
  readonly contactId: number;
  readonly key: string;
  readonly bookId: string;
  readonly name: string;
}

export type ContactCondition = (
  where: ExpressionBuilder<PhonebookTables, 'contacts'>,
) => ReturnType<ExpressionBuilder<PhonebookTables, 'contacts'>['and']>;

/** Contacts written before other work gets its turn. */
const writesPerTurn = 250;

export class PhonebookStore {
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

  /** Contacts of each book that has any. */
  async countByBook(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.queries
      .selectFrom('contacts')
      .select((select) => ['book_id', select.fn.countAll<number>().as('total')])
      .groupBy('book_id')
      .execute();
    return new Map(rows.map(({ book_id, total }) => [book_id, total]));
  }

  async list(query: ContactQuery): Promise<Page<StoredContact>> {
    const { bookIds, search, sort, direction, offset, limit } = query;
    if (bookIds.length === 0) {
      return { items: [], total: 0 };
    }
    let matching = this.#database.queries
      .selectFrom('contacts')
      .where('book_id', 'in', [...bookIds]);
    for (const word of foldWords(search)) {
      matching = matching.where(sql<boolean>`instr(search_text, ${word}) > 0`);
    }
    const { total } = await matching
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    let ordered = matching;
    if (sort === 'organization') {
      ordered = ordered.orderBy('organization_order', direction);
    }
    // Ids first: they stand in the index; documents are read of the page alone.
    const page =
      total === 0
        ? []
        : await ordered
            .orderBy('name_fold', direction)
            .orderBy('id', direction)
            .select('id')
            .limit(limit)
            .offset(offset)
            .execute();
    const byId = new Map(
      (await this.findContacts(page.map(({ id }) => id))).map((contact) => [contact.id, contact]),
    );
    return { items: page.flatMap(({ id }) => byId.get(id) ?? []), total };
  }

  /** Contacts that fulfil a condition, by name. */
  async search(
    bookIds: readonly string[],
    condition: ContactCondition,
    { offset, limit }: { readonly offset: number; readonly limit: number },
  ): Promise<StoredContact[]> {
    if (bookIds.length === 0 || limit <= 0) {
      return [];
    }
    const rows = await this.#database.queries
      .selectFrom('contacts')
      .where('book_id', 'in', [...bookIds])
      .where((where) => condition(where))
      .select(['id', 'book_id', 'version', 'document'])
      .orderBy('name_fold')
      .orderBy('id')
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(fromContactRow);
  }

  async findContacts(ids: readonly number[]): Promise<StoredContact[]> {
    const found: StoredContact[] = [];
    for (const chunk of inChunks(ids)) {
      const rows = await this.#database.queries
        .selectFrom('contacts')
        .select(['id', 'book_id', 'version', 'document'])
        .where('id', 'in', chunk)
        .execute();
      found.push(...rows.map(fromContactRow));
    }
    return found;
  }

  /** Every contact of a book, by name. Read in pieces. */
  async *contactsOf(bookId: string): AsyncGenerator<StoredContact> {
    let after: Pick<ContactRow, 'name_fold' | 'id'> | undefined;
    for (;;) {
      let query = this.#database.queries
        .selectFrom('contacts')
        .where('book_id', '=', bookId)
        .select(['id', 'book_id', 'version', 'document', 'name_fold'])
        .orderBy('name_fold')
        .orderBy('id')
        .limit(1000);
      if (after !== undefined) {
        const { name_fold, id } = after;
        query = query.where(sql<boolean>`(name_fold, id) > (${name_fold}, ${id})`);
      }
      const rows = await query.execute();
      for (const row of rows) {
        yield fromContactRow(row);
      }
      after = rows.at(-1);
      if (after === undefined || rows.length < 1000) {
        return;
      }
      await nextTurn();
    }
  }

  /** Id and user of every colleague. */
  async colleagueSources(bookId: string): Promise<ReadonlyMap<string, StoredContact>> {
    const rows = await this.#database.queries
      .selectFrom('contacts')
      .select(['id', 'book_id', 'version', 'document', 'source_id'])
      .where('book_id', '=', bookId)
      .execute();
    return new Map(rows.map((row) => [row.source_id ?? '', fromContactRow(row)]));
  }

  /** Numbers behind `after` (a contact's id) in the order of contacts; faxes show no name. */
  async namedNumbers(after: number, limit: number): Promise<NamedContactNumber[]> {
    const rows = await this.#database.queries
      .selectFrom('contact_numbers as number')
      .innerJoin('contacts as contact', 'contact.id', 'number.contact_id')
      .select(['contact.id', 'contact.book_id', 'contact.name', 'number.lookup_key'])
      .where('number.contact_id', '>', after)
      .where('number.contact_id', '<=', after + limit)
      .where('number.kind', '!=', 'fax')
      .where('number.lookup_key', '!=', '')
      .where('contact.source_id', 'is', null)
      .orderBy('number.contact_id')
      .orderBy('number.position')
      .execute();
    return rows.map(({ id, book_id, name, lookup_key }) => ({
      contactId: id,
      bookId: book_id,
      name,
      key: lookup_key,
    }));
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

  async findChange(id: number): Promise<StoredChange | undefined> {
    const row = await this.#database.queries
      .selectFrom('changes')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : toChange(row);
  }

  /** The newest first. */
  async listChanges(query: {
    readonly bookIds: readonly string[];
    readonly offset: number;
    readonly limit: number;
  }): Promise<Page<StoredChange>> {
    const { bookIds, offset, limit } = query;
    if (bookIds.length === 0) {
      return { items: [], total: 0 };
    }
    const matching = this.#database.queries
      .selectFrom('changes')
      .where('book_id', 'in', [...bookIds]);
    const { total } = await matching
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await matching
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute();
    return { items: rows.map(toChange), total };
  }

  /** Books that changes were made of, deleted ones included. */
  async changedBookIds(): Promise<string[]> {
    const rows = await this.#database.queries
      .selectFrom('changes')
      .select('book_id')
      .distinct()
      .execute();
    return rows.map(({ book_id }) => book_id);
  }

  /** What each contact was before the change, and which version it has after it. */
  async itemsOf(changeId: number): Promise<readonly ChangeItemRow[]> {
    return this.#database.queries
      .selectFrom('change_items')
      .selectAll()
      .where('change_id', '=', changeId)
      .execute();
  }

  /** Changes that are too old to be taken back. */
  async deleteOldChanges(beforeMs: number): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const old = transaction.selectFrom('changes').select('id').where('at_ms', '<', beforeMs);
      await transaction.deleteFrom('change_items').where('change_id', 'in', old).execute();
      await transaction.deleteFrom('changes').where('at_ms', '<', beforeMs).execute();
    });
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

function toPhonebook(row: PhonebookRow): Phonebook {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    ownerId: row.owner_id ?? undefined,
    readers: row.readers === '' ? everyone : (JSON.parse(row.readers) as Readers),
    version: row.version,
  };
}

function toPhonebookRow({ id, kind, name, ownerId, readers, version }: Phonebook): PhonebookRow {
  return {
    id,
    kind,
    name,
    owner_id: ownerId ?? null,
    readers: JSON.stringify(readers),
    version,
  };
}

function toChange(row: ChangeRow): StoredChange {
  return {
    id: row.id,
    atMs: row.at_ms,
    actorId: row.actor_id,
    actorName: row.actor_name,
    action: row.action as ChangeAction,
    bookId: row.book_id,
    bookName: row.book_name,
    title: row.title,
    contactCount: row.contact_count,
    undoneBy: row.undone_by ?? undefined,
    bookBefore:
      row.book_before === null
        ? undefined
        : toPhonebook(JSON.parse(row.book_before) as PhonebookRow),
    bookVersion: row.book_version ?? undefined,
  };
}
