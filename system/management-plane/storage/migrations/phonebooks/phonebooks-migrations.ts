/** The migrations of the database of phonebooks, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';

export const phonebooksMigrations: readonly Migration[] = [firstTables];
