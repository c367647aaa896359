/** Sessions, tokens and the audit log. */
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async ({ schema }) => {
    await schema
      .createTable('sessions')
      .addColumn('id_hash', 'varchar(43)', (column) => column.primaryKey())
      .addColumn('user_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('boot_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('stamp', 'varchar(43)', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('last_seen_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('address', 'varchar(64)', (column) => column.notNull())
      .execute();
    await schema
      .createIndex('sessions_by_user')
      .on('sessions')
      .columns(['user_id', 'created_at_ms'])
      .execute();
    await schema
      .createTable('tokens')
      .addColumn('id', 'varchar(16)', (column) => column.primaryKey())
      .addColumn('secret_hash', 'varchar(43)', (column) => column.notNull())
      .addColumn('name', 'varchar(100)', (column) => column.notNull())
      .addColumn('role', 'varchar(16)', (column) => column.notNull())
      .addColumn('user_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint')
      .addColumn('last_used_at_ms', 'bigint')
      .execute();
    await schema
      .createTable('audit')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('action', 'varchar(60)', (column) => column.notNull())
      .addColumn('actor_kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('actor_id', 'varchar(64)')
      .addColumn('actor_name', 'varchar(500)', (column) => column.notNull())
      .addColumn('is_success', 'integer', (column) => column.notNull())
      .addColumn('address', 'varchar(64)', (column) => column.notNull())
      .addColumn('detail', 'varchar(500)', (column) => column.notNull())
      .addColumn('search_text', 'varchar(1100)', (column) => column.notNull())
      .execute();
    await schema.createIndex('audit_by_time').on('audit').columns(['at_ms']).execute();
  },
};
