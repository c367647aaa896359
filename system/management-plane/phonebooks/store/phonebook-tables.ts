/** The rows of the database of phonebooks. */
import type { Generated } from 'kysely';
import type { SqlDatabase } from '../../storage/database.ts';

export interface PhonebookTables {
  readonly phonebooks: PhonebookRow;
  readonly contacts: ContactRow;
  readonly contact_numbers: ContactNumberRow;
  readonly secrets: SecretRow;
  readonly changes: ChangeTable;
  readonly change_items: ChangeItemRow;
}

export type PhonebookDatabase = SqlDatabase<PhonebookTables>;

export interface PhonebookRow {
  readonly id: string;
  readonly kind: 'shared' | 'personal' | 'colleagues';
  readonly name: string;
  readonly owner_id: string | null;
  /** JSON of `Readers`. */
  readonly readers: string;
  readonly version: number;
}

export interface ContactRow {
  readonly id: number;
  readonly book_id: string;
  readonly version: number;
  readonly name: string;
  readonly search_text: string;
  readonly name_fold: string;
  /** Last name first; the same as `name_fold` where the parts are not known. */
  readonly reversed_fold: string;
  readonly first_fold: string;
  readonly last_fold: string;
  readonly organization_fold: string;
  /** Sorts contacts without organisation last. */
  readonly organization_order: string;
  readonly email_fold: string;
  readonly speed_code: string | null;
  /** Of colleagues: the user. */
  readonly source_id: string | null;
  /** JSON of `Contact`. */
  readonly document: string;
}

export interface ContactNumberRow {
  readonly contact_id: number;
  readonly position: number;
  readonly kind: string;
  readonly dialled: string;
  readonly lookup_key: string;
}

export interface SecretRow {
  readonly name: string;
  readonly sealed: string;
}

export interface ChangeRow {
  readonly id: number;
  readonly at_ms: number;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly book_id: string;
  readonly book_name: string;
  readonly title: string;
  readonly contact_count: number;
  /** The change that took it back. */
  readonly undone_by: number | null;
  /** JSON of the book's row, where the book itself was changed or deleted. */
  readonly book_before: string | null;
  /** Version of the book after the change; null: it is gone, or was not changed. */
  readonly book_version: number | null;
}

export interface ChangeTable extends Omit<ChangeRow, 'id'> {
  readonly id: Generated<number>;
}

export interface ChangeItemRow {
  readonly change_id: number;
  readonly contact_id: number;
  /** JSON of `StoredContact`; null: the change made it. */
  readonly before_contact: string | null;
  /** Null: the change deleted it. */
  readonly after_version: number | null;
}
