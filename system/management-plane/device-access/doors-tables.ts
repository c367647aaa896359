/**
 * The rows of the database `doors.db`. It is made when the first door needs it: an installation that
 * opens none has none.
 */
import type { SqlDatabase } from '../storage/database.ts';

export interface DoorsTables {
  readonly redirections: RedirectionRow;
  readonly uploads: UploadRow;
}

export type DoorsDatabase = SqlDatabase<DoorsTables>;

export interface RedirectionRow {
  readonly service: string;
  readonly mac: string;
  /** `registered` or `removed`: what is asked for. */
  readonly wish: string;
  /** `waiting`, `registered`, `removed` or `failed`. */
  readonly state: string;
  readonly serial: string | null;
  /** In words, of the last attempt. */
  readonly error: string | null;
  /** Failed ones since it was asked for. */
  readonly attempts: number;
  /** Null: nothing happens by itself. */
  readonly next_at_ms: number | null;
  readonly changed_at_ms: number;
  /** SHA-256 of the token in the address that the service hands out; null once it is worth nothing. */
  readonly token_hash: string | null;
  readonly token_until_ms: number | null;
}

export interface UploadRow {
  readonly id: string;
  readonly mac: string;
  /** As the device called it, without folders. */
  readonly name: string;
  readonly kind: string;
  readonly size_bytes: number;
  /** SHA-256: the name of the content on the disk. */
  readonly digest: string;
  readonly at_ms: number;
  readonly address: string;
}
