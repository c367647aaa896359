/** The migrations of the registrations' database, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';
import { bans } from './0002-bans.ts';

export const registrationsMigrations: readonly Migration[] = [firstTables, bans];
