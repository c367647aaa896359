/** What can go wrong with a database file. */
import { AppError } from '../../foundation/app-error.ts';

export type StorageErrorCode =
  /** The file cannot be opened or written: permissions, a full disk, a bad path. */
  | 'unavailable'
  /** Another process holds the file longer than the busy timeout. */
  | 'locked'
  /** A later version of the program has written it: going back needs a backup of that time. */
  | 'newer-version'
  /** A migration failed; the file is as it was before that migration. */
  | 'migration-failed';

export class StorageError extends AppError<StorageErrorCode> {}
