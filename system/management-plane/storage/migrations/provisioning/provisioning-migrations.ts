/** The migrations of the database of provisioning, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';
import { eventNotes } from './0002-event-notes.ts';

export const provisioningMigrations: readonly Migration[] = [firstTables, eventNotes];
