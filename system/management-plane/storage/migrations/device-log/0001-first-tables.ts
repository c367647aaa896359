/** What devices wrote to the log. */
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async (transaction) => {
    await transaction.schema
      .createTable('log_lines')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('mac', 'varchar(12)', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('severity', 'integer', (column) => column.notNull())
      .addColumn('facility', 'integer', (column) => column.notNull())
      .addColumn('stamp', 'varchar(64)', (column) => column.notNull())
      .addColumn('host', 'varchar(64)', (column) => column.notNull())
      .addColumn('app', 'varchar(64)', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('size_bytes', 'integer', (column) => column.notNull())
      .execute();
    await transaction.schema
      .createIndex('log_lines_by_device')
      .on('log_lines')
      .columns(['mac', 'id'])
      .execute();
  },
};
