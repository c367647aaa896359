/**
 * The rows of the database `registrations.db`: where phones were reached last, so that a restart of
 * the daemon does not make them unreachable until they register again, and who is turned away.
 * Runtime state, apart from the configuration.
 */
import type { SourceBan } from '../../bus/contract.ts';
import type { SqlDatabase } from '../storage/database.ts';

export interface RegistrationTables {
  readonly bindings: BindingsTable;
  readonly bans: BansTable;
}

export type RegistrationDatabase = SqlDatabase<RegistrationTables>;

export interface BindingsTable {
  readonly user_id: string;
  readonly contact: string;
  /** The whole BindingRecord as JSON. */
  readonly document: string;
  readonly expires_at_ms: number;
}

export interface BansTable {
  readonly address: string;
  readonly offence: SourceBan['offence'];
  readonly banned_at_ms: number;
  readonly ends_at_ms: number;
}
