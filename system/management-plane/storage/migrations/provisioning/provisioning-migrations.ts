/** The migrations of the database of provisioning, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';

export const provisioningMigrations: readonly Migration[] = [firstTables];
