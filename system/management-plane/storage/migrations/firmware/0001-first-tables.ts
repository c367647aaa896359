/** The firmware library and the state of rollouts. */
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async (transaction) => {
    await transaction.schema
      .createTable('firmware_sets')
      .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('vendor', 'varchar(32)', (column) => column.notNull())
      .addColumn('label', 'varchar(40)', (column) => column.notNull())
      .addColumn('is_active', 'integer', (column) => column.notNull())
      .addColumn('notes', 'text', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'varchar(100)', (column) => column.notNull())
      .addUniqueConstraint('firmware_sets_by_label', ['vendor', 'label'])
      .execute();
    await transaction.schema
      .createTable('firmware_files')
      .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('set_id', 'varchar(32)', (column) => column.notNull())
      .addColumn('kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('file_name', 'varchar(120)', (column) => column.notNull())
      .addColumn('models', 'text', (column) => column.notNull())
      .addColumn('version', 'varchar(40)', (column) => column.notNull())
      .addColumn('sha256', 'varchar(64)', (column) => column.notNull())
      .addColumn('size_bytes', 'bigint', (column) => column.notNull())
      .addColumn('verified_by', 'varchar(8)')
      .addColumn('recognised_by', 'varchar(16)', (column) => column.notNull())
      .addColumn('uploaded_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('uploaded_by', 'varchar(100)', (column) => column.notNull())
      .addUniqueConstraint('firmware_files_by_name', ['set_id', 'file_name'])
      .execute();
    await transaction.schema
      .createTable('rollouts')
      .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('document', 'text', (column) => column.notNull())
      .execute();
    await transaction.schema
      .createTable('rollout_devices')
      .addColumn('rollout_id', 'varchar(32)', (column) => column.notNull())
      .addColumn('mac', 'varchar(12)', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('document', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('rollout_devices_key', ['rollout_id', 'mac'])
      .execute();
  },
};
