/** The migrations of the accounts' database, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';
import { auditByActor } from './0002-audit-by-actor.ts';

export const accountsMigrations: readonly Migration[] = [firstTables, auditByActor];
