/** The migrations of the accounts' database, in order. */
import type { Migration } from '../../migration.ts';
import { firstTables } from './0001-first-tables.ts';
import { auditByActor } from './0002-audit-by-actor.ts';
import { auditByAddress } from './0003-audit-by-address.ts';
import { auditNotes } from './0004-audit-notes.ts';

export const accountsMigrations: readonly Migration[] = [
  firstTables,
  auditByActor,
  auditByAddress,
  auditNotes,
];
