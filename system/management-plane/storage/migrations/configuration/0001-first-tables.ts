/** Entities with their revisions, and what lists and uniqueness need. */
import type { Kysely } from 'kysely';
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async (transaction) => {
    await createEntities(transaction);
    await createUsers(transaction);
    await createRevisions(transaction);
  },
};

async function createEntities(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('entities')
    .addColumn('kind', 'varchar(32)', (column) => column.notNull())
    .addColumn('id', 'varchar(64)', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('entities_key', ['kind', 'id'])
    .execute();
  await transaction.schema
    .createTable('dialable_numbers')
    .addColumn('number', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('owner_kind', 'varchar(32)', (column) => column.notNull())
    .addColumn('owner_id', 'varchar(64)', (column) => column.notNull())
    .execute();
  await transaction.schema
    .createIndex('dialable_numbers_by_owner')
    .on('dialable_numbers')
    .columns(['owner_kind', 'owner_id'])
    .execute();
}

async function createUsers(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('users')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('role', 'varchar(16)', (column) => column.notNull())
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('name', 'varchar(100)', (column) => column.notNull())
    .addColumn('extension', 'varchar(64)')
    .addColumn('login_key', 'varchar(64)', (column) => column.unique())
    .addColumn('email_key', 'varchar(254)', (column) => column.unique())
    .addColumn('name_order', 'varchar(200)', (column) => column.notNull())
    .addColumn('extension_order', 'varchar(64)', (column) => column.notNull())
    .addColumn('department_order', 'varchar(200)', (column) => column.notNull())
    .addColumn('search_text', 'text', (column) => column.notNull())
    .execute();
  for (const column of ['name_order', 'extension_order']) {
    await transaction.schema
      .createIndex(`users_by_${column}`)
      .on('users')
      .columns([column, 'id'])
      .execute();
  }
}

async function createRevisions(transaction: Kysely<unknown>): Promise<void> {
  await transaction.schema
    .createTable('revisions')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('author_kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('author_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('author_name', 'varchar(200)', (column) => column.notNull())
    .addColumn('reason', 'varchar(200)', (column) => column.notNull())
    .addColumn('state', 'varchar(16)', (column) => column.notNull())
    .addColumn('confirm_window_ms', 'bigint')
    .addColumn('confirm_until_ms', 'bigint')
    .addColumn('reverts', 'integer')
    .addColumn('operation_count', 'integer', (column) => column.notNull())
    .addColumn('search_text', 'text', (column) => column.notNull())
    .execute();
  await transaction.schema
    .createTable('revision_operations')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('kind', 'varchar(16)', (column) => column.notNull())
    .addColumn('entity', 'varchar(32)', (column) => column.notNull())
    .addColumn('entity_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('title', 'varchar(200)', (column) => column.notNull())
    .addColumn('before_document', 'text')
    .addColumn('after_document', 'text')
    .addPrimaryKeyConstraint('revision_operations_key', ['revision', 'position'])
    .execute();
}
