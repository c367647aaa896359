/** Where phones were reached last. */
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async (transaction) => {
    await transaction.schema
      .createTable('bindings')
      .addColumn('user_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('contact', 'varchar(2000)', (column) => column.notNull())
      .addColumn('document', 'text', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('bindings_key', ['user_id', 'contact'])
      .execute();
  },
};
