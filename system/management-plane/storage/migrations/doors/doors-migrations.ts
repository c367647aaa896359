/** The migrations of the database of the doors for devices, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';

export const doorsMigrations: readonly Migration[] = [firstTables];
