/**
 * The rows of the database `registrations.db`: where phones were reached last, so that a restart of
 * the daemon does not make them unreachable until they register again. Runtime state, apart from
 * the configuration.
 */
import type { SqlDatabase } from '../storage/database.ts';

export interface RegistrationTables {
  readonly bindings: BindingsTable;
}

export type RegistrationDatabase = SqlDatabase<RegistrationTables>;

export interface BindingsTable {
  readonly user_id: string;
  readonly contact: string;
  /** The whole BindingRecord as JSON. */
  readonly document: string;
  readonly expires_at_ms: number;
}
