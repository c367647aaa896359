/** Finished calls with their legs, entries that could not be stored, and whose calls were erased. */
import type { Kysely } from 'kysely';
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async (transaction) => {
    await createCalls(transaction);
    await createLegs(transaction);
    await transaction.schema
      .createTable('rejected_records')
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'varchar(500)', (column) => column.notNull())
      .addColumn('entry', 'text', (column) => column.notNull())
      .execute();
    await transaction.schema
      .createTable('erased_users')
      .addColumn('user_id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('is_done', 'integer', (column) => column.notNull())
      .execute();
  },
};

async function createCalls({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('call_records')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('call_ref', 'varchar(64)', (column) => column.notNull().unique())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('answered_at_ms', 'bigint')
    .addColumn('ended_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('talk_ms', 'bigint', (column) => column.notNull())
    .addColumn('caller_user_id', 'varchar(64)')
    .addColumn('caller_number', 'varchar(255)', (column) => column.notNull())
    .addColumn('caller_name', 'varchar(255)', (column) => column.notNull())
    .addColumn('callee_user_id', 'varchar(64)')
    .addColumn('callee_number', 'varchar(255)', (column) => column.notNull())
    .addColumn('callee_name', 'varchar(255)', (column) => column.notNull())
    .addColumn('outcome', 'varchar(16)', (column) => column.notNull())
    .addColumn('hangup_side', 'varchar(16)', (column) => column.notNull())
    .addColumn('sip_status', 'integer', (column) => column.notNull())
    .addColumn('media_mode', 'varchar(16)', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('mos', 'real')
    .addColumn('search_text', 'varchar(1024)', (column) => column.notNull())
    .addColumn('trace', 'text', (column) => column.notNull())
    .execute();
  for (const columns of [
    ['started_at_ms'],
    ['caller_user_id', 'started_at_ms'],
    ['callee_user_id', 'started_at_ms'],
  ]) {
    await schema
      .createIndex(`call_records_by_${columns.join('_and_')}`)
      .on('call_records')
      .columns(columns)
      .execute();
  }
}

async function createLegs({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('call_legs')
    .addColumn('call_id', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('leg_ref', 'varchar(80)', (column) => column.notNull())
    .addColumn('role', 'varchar(16)', (column) => column.notNull())
    .addColumn('user_id', 'varchar(64)')
    .addColumn('address', 'varchar(512)', (column) => column.notNull())
    .addColumn('sip_call_id', 'varchar(512)', (column) => column.notNull())
    .addColumn('user_agent', 'varchar(512)')
    .addColumn('remote', 'varchar(128)', (column) => column.notNull())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('ringing_at_ms', 'bigint')
    .addColumn('answered_at_ms', 'bigint')
    .addColumn('ended_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('sip_status', 'integer')
    .addColumn('media', 'text')
    .addPrimaryKeyConstraint('call_legs_key', ['call_id', 'position'])
    .execute();
}
