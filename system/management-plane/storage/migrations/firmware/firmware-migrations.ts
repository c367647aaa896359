/** The migrations of the database of firmware, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';

export const firmwareMigrations: readonly Migration[] = [firstTables];
