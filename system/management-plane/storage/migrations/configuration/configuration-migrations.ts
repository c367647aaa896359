/** The migrations of the configuration's database, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';

export const configurationMigrations: readonly Migration[] = [firstTables];
