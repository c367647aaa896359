/**
 * Tables of the database `accounts.sqlite`: who is logged in, which programs may come in, and who
 * did what. They are apart from the configuration: none of this belongs to a revision, and a revert
 * must not bring an ended session back.
 */
import type { Generated, Selectable } from 'kysely';
import type { UserRole } from '../../configuration/entities/user.ts';
import type { Actor } from '../actor.ts';
import type { SqlDatabase } from '../storage/database.ts';
import type { SqlBoolean } from '../storage/column-value.ts';

export interface AccountsTables {
  readonly sessions: SessionsTable;
  readonly tokens: TokensTable;
  readonly audit: AuditTable;
}

export type AccountsDatabase = SqlDatabase<AccountsTables>;

export interface SessionsTable {
  /** SHA-256 of the value in the cookie, in base64url. */
  readonly id_hash: string;
  readonly user_id: string;
  readonly boot_id: string;
  /** What the account was like at the login; see account-stamp.ts. */
  readonly stamp: string;
  readonly created_at_ms: number;
  readonly last_seen_at_ms: number;
  readonly address: string;
}

export interface TokensTable {
  readonly id: string;
  /** SHA-256 of the secret part, in base64url. */
  readonly secret_hash: string;
  readonly name: string;
  readonly role: UserRole;
  readonly user_id: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly last_used_at_ms: number | null;
}

export interface AuditTable {
  readonly id: Generated<number>;
  readonly at_ms: number;
  readonly action: string;
  /** `nobody`: a login that failed. */
  readonly actor_kind: Actor['kind'] | 'nobody';
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly is_success: SqlBoolean;
  readonly address: string;
  readonly detail: string;
  /** EventNotes as JSON, where the detail is more than names and numbers. */
  readonly notes: string | null;
  /** Name, address and detail, folded. */
  readonly search_text: string;
}

export type TokenRow = Selectable<TokensTable>;
export type AuditRow = Selectable<AuditTable>;
