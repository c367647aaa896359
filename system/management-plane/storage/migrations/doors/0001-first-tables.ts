/** What happens behind the doors for devices: registrations at redirection services, uploads. */
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async (transaction) => {
    await transaction.schema
      .createTable('redirections')
      .addColumn('service', 'varchar(32)', (column) => column.notNull())
      .addColumn('mac', 'varchar(12)', (column) => column.notNull())
      .addColumn('wish', 'varchar(16)', (column) => column.notNull())
      .addColumn('state', 'varchar(16)', (column) => column.notNull())
      .addColumn('serial', 'varchar(40)')
      .addColumn('error', 'varchar(300)')
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('next_at_ms', 'bigint')
      .addColumn('changed_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('token_hash', 'varchar(64)')
      .addColumn('token_until_ms', 'bigint')
      .addPrimaryKeyConstraint('redirections_key', ['service', 'mac'])
      .execute();
    await transaction.schema
      .createIndex('redirections_by_due')
      .on('redirections')
      .column('next_at_ms')
      .execute();
    await transaction.schema
      .createTable('uploads')
      .addColumn('id', 'varchar(16)', (column) => column.primaryKey())
      .addColumn('mac', 'varchar(12)', (column) => column.notNull())
      .addColumn('name', 'varchar(100)', (column) => column.notNull())
      .addColumn('kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('size_bytes', 'integer', (column) => column.notNull())
      .addColumn('digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('address', 'varchar(64)', (column) => column.notNull())
      .execute();
    await transaction.schema
      .createIndex('uploads_by_device')
      .on('uploads')
      .columns(['mac', 'at_ms'])
      .execute();
  },
};
