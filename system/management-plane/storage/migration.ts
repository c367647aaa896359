/**
 * Numbered, forward-only migrations. Each runs in a transaction of its own together with the note
 * that it was applied: Kysely does not treat SQLite's DDL as transactional, so its own migrator
 * would leave half of a failed migration behind.
 */
import type { Kysely } from 'kysely';
import { toErrorMessage } from '../../foundation/app-error.ts';
import { StorageError } from './storage-error.ts';

export interface Migration {
  /** Counted from 1 without gaps; never changed once released. */
  readonly number: number;
  readonly name: string;
  /** Must use `transaction` for everything: another handle would wait for ever. */
  up(transaction: Kysely<unknown>): Promise<void>;
}

interface MigrationTables {
  readonly applied_migrations: {
    readonly number: number;
    readonly name: string;
    readonly applied_at_ms: number;
  };
}

/** Returns the numbers that were applied now. Throws StorageError. */
export async function applyMigrations(
  database: Kysely<unknown>,
  migrations: readonly Migration[],
  wallMs: number,
): Promise<number[]> {
  const tables = database as Kysely<MigrationTables>;
  await tables.schema
    .createTable('applied_migrations')
    .ifNotExists()
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'varchar(100)', (column) => column.notNull())
    .addColumn('applied_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  const last = await findLastMigration(database);
  const known = migrations.at(-1)?.number ?? 0;
  if (last > known) {
    throw new StorageError(
      'newer-version',
      `the database was written by a later version: it has migration ${last.toString()}, this program knows ${known.toString()}`,
    );
  }

  const applied: number[] = [];
  for (const migration of migrations) {
    if (migration.number <= last) {
      continue;
    }
    try {
      await database.transaction().execute(async (transaction) => {
        await migration.up(transaction);
        await (transaction as Kysely<MigrationTables>)
          .insertInto('applied_migrations')
          .values({ number: migration.number, name: migration.name, applied_at_ms: wallMs })
          .execute();
      });
    } catch (error) {
      throw new StorageError(
        'migration-failed',
        `migration ${migration.number.toString()} (${migration.name}) failed: ${toErrorMessage(error)}`,
        { cause: error },
      );
    }
    applied.push(migration.number);
  }
  return applied;
}

async function findLastMigration(database: Kysely<unknown>): Promise<number> {
  const row = await (database as Kysely<MigrationTables>)
    .selectFrom('applied_migrations')
    .select((select) => select.fn.max('number').as('number'))
    .executeTakeFirst();
  return row?.number ?? 0;
}
