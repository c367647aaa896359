/** Changes of phonebooks, each with what takes it back. The store writes them with what they change. */
import type { Page } from '../../configuration-store/configuration-store.ts';
import type { Phonebook } from '../phonebook.ts';
import { toPhonebook } from './phonebook-rows.ts';
import type {
  ChangeItemRow,
  ChangeRow,
  PhonebookDatabase,
  PhonebookRow,
} from './phonebook-tables.ts';

export type ChangeAction =
  | 'book-created'
  | 'book-changed'
  | 'book-deleted'
  | 'contact-created'
  | 'contact-changed'
  | 'contacts-deleted'
  | 'imported'
  | 'undone';

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

export class ChangeHistory {
  readonly #database: PhonebookDatabase;

  constructor(database: PhonebookDatabase) {
    this.#database = database;
  }

  async find(id: number): Promise<StoredChange | undefined> {
    const row = await this.#database.queries
      .selectFrom('changes')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : toChange(row);
  }

  /** The newest first. */
  async list(query: {
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
  async bookIds(): Promise<string[]> {
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
  async deleteOld(beforeMs: number): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const old = transaction.selectFrom('changes').select('id').where('at_ms', '<', beforeMs);
      await transaction.deleteFrom('change_items').where('change_id', 'in', old).execute();
      await transaction.deleteFrom('changes').where('at_ms', '<', beforeMs).execute();
    });
  }
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
