/** What is read of contacts: lists, searches, whole books in pieces. Knows no rights. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql, type ExpressionBuilder } from 'kysely';
import type { Page } from '../../configuration-store/configuration-store.ts';
import { inChunks } from '../../storage/column-value.ts';
import type { StoredContact } from '../contact.ts';
import { fromContactRow } from './contact-rows.ts';
import { foldWords } from './fold-name.ts';
import type { ContactRow, PhonebookDatabase, PhonebookTables } from './phonebook-tables.ts';

export type ContactSortKey = 'name' | 'organization';

export interface ContactQuery {
  readonly bookIds: readonly string[];
  readonly search?: string | undefined;
  readonly sort: ContactSortKey;
  readonly direction: 'asc' | 'desc';
  readonly offset: number;
  readonly limit: number;
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

export class ContactReader {
  readonly #database: PhonebookDatabase;

  constructor(database: PhonebookDatabase) {
    this.#database = database;
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
      (await this.find(page.map(({ id }) => id))).map((contact) => [contact.id, contact]),
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

  async find(ids: readonly number[]): Promise<StoredContact[]> {
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
}
