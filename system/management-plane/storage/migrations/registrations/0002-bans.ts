/** Sources that SIP turns away, so that a restart does not let them in. */
import type { Migration } from '../../migration.ts';

export const bans: Migration = {
  number: 2,
  name: 'bans',
  up: async (transaction) => {
    await transaction.schema
      .createTable('bans')
      .addColumn('address', 'varchar(64)', (column) => column.notNull().primaryKey())
      .addColumn('offence', 'varchar(64)', (column) => column.notNull())
      .addColumn('banned_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('ends_at_ms', 'bigint', (column) => column.notNull())
      .execute();
  },
};
