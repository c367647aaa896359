/** What devices told and fetched: runtime state beside the configuration. */
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async (transaction) => {
    await transaction.schema
      .createTable('seen_devices')
      .addColumn('mac', 'varchar(12)', (column) => column.primaryKey())
      .addColumn('document', 'text', (column) => column.notNull())
      .execute();
    await transaction.schema
      .createTable('device_events')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('mac', 'varchar(12)', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('kind', 'varchar(32)', (column) => column.notNull())
      .addColumn('address', 'varchar(64)', (column) => column.notNull())
      .addColumn('detail', 'varchar(500)', (column) => column.notNull())
      .execute();
    await transaction.schema
      .createIndex('device_events_by_mac')
      .on('device_events')
      .columns(['mac', 'id'])
      .execute();
    await transaction.schema
      .createIndex('device_events_by_time')
      .on('device_events')
      .column('at_ms')
      .execute();
    await transaction.schema
      .createTable('served_files')
      .addColumn('mac', 'varchar(12)', (column) => column.notNull())
      .addColumn('file', 'varchar(64)', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('digest', 'varchar(64)', (column) => column.notNull())
      .addColumn('shown', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('served_files_key', ['mac', 'file'])
      .execute();
  },
};
