/** The migrations of the database of the log of devices, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';

export const deviceLogMigrations: readonly Migration[] = [firstTables];
