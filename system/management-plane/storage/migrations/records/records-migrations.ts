/** The migrations of the call records' database, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';

export const recordsMigrations: readonly Migration[] = [firstTables];
