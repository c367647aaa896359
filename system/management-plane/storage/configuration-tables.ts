/** The rows of the configuration's database, as its migrations made them. */
import type { SqlBoolean } from './column-value.ts';

export interface ConfigurationTables {
  readonly entities: EntityRow;
  readonly dialable_numbers: DialableNumberRow;
  readonly users: UserRow;
  readonly revisions: RevisionRow;
  readonly revision_operations: RevisionOperationRow;
}

export interface EntityRow {
  readonly kind: string;
  readonly id: string;
  /** Number of the revision that last changed it. */
  readonly version: number;
  /** Sparse JSON: fields with their default are left out. */
  readonly document: string;
}

/** The database itself refuses a number that two owners claim. */
export interface DialableNumberRow {
  /** Folded. */
  readonly number: string;
  readonly owner_kind: string;
  readonly owner_id: string;
}

/** What lists sort, narrow and search by; made again from the document at every change. */
export interface UserRow {
  readonly id: string;
  readonly role: string;
  readonly enabled: SqlBoolean;
  readonly name: string;
  readonly extension: string | null;
  readonly login_key: string | null;
  readonly email_key: string | null;
  readonly name_order: string;
  readonly extension_order: string;
  readonly department_order: string;
  readonly search_text: string;
}

export interface RevisionRow {
  readonly number: number;
  readonly at_ms: number;
  readonly author_kind: string;
  readonly author_id: string;
  readonly author_name: string;
  readonly reason: string;
  readonly state: string;
  /** How long a confirmation was waited for, and until when; null when none is. */
  readonly confirm_window_ms: number | null;
  readonly confirm_until_ms: number | null;
  /** The revision that this one takes back. */
  readonly reverts: number | null;
  readonly operation_count: number;
  readonly search_text: string;
}

export interface RevisionOperationRow {
  readonly revision: number;
  readonly position: number;
  readonly kind: string;
  readonly entity: string;
  readonly entity_id: string;
  readonly title: string;
  /** Sparse JSON, secrets hashed or sealed. */
  readonly before_document: string | null;
  readonly after_document: string | null;
}
