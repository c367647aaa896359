/**
 * Phonebooks: books, contacts, their numbers, and every change with what is needed to take it back.
 * Columns that end in `_fold` hold text as it is searched, see `fold-name.ts`.
 */
import type { Migration } from '../../migration.ts';

export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  up: async ({ schema }) => {
    await schema
      .createTable('phonebooks')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('name', 'varchar(60)', (column) => column.notNull())
      .addColumn('owner_id', 'varchar(64)')
      .addColumn('readers', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute();
    await schema
      .createTable('contacts')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('book_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('name', 'varchar(120)', (column) => column.notNull())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .addColumn('name_fold', 'varchar(255)', (column) => column.notNull())
      .addColumn('reversed_fold', 'varchar(255)', (column) => column.notNull())
      .addColumn('first_fold', 'varchar(255)', (column) => column.notNull())
      .addColumn('last_fold', 'varchar(255)', (column) => column.notNull())
      .addColumn('organization_fold', 'varchar(255)', (column) => column.notNull())
      .addColumn('organization_order', 'varchar(255)', (column) => column.notNull())
      .addColumn('email_fold', 'varchar(255)', (column) => column.notNull())
      .addColumn('speed_code', 'varchar(8)')
      .addColumn('source_id', 'varchar(64)')
      .addColumn('document', 'text', (column) => column.notNull())
      .execute();
    // Everything that lists search and sort by: searching 50,000 contacts reads no other page.
    await schema
      .createIndex('contacts_by_name')
      .on('contacts')
      .columns(['book_id', 'name_fold', 'id', 'organization_order', 'search_text'])
      .execute();
    await schema
      .createIndex('contacts_by_speed_code')
      .on('contacts')
      .columns(['book_id', 'speed_code'])
      .unique()
      .execute();
    await schema
      .createTable('contact_numbers')
      .addColumn('contact_id', 'integer', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('kind', 'varchar(16)', (column) => column.notNull())
      .addColumn('dialled', 'varchar(32)', (column) => column.notNull())
      .addColumn('lookup_key', 'varchar(32)', (column) => column.notNull())
      .addPrimaryKeyConstraint('contact_numbers_key', ['contact_id', 'position'])
      .execute();
    await schema
      .createIndex('contact_numbers_by_key')
      .on('contact_numbers')
      .columns(['lookup_key', 'contact_id'])
      .execute();
    await schema
      .createTable('secrets')
      .addColumn('name', 'varchar(32)', (column) => column.primaryKey())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('changes')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('actor_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('actor_name', 'varchar(100)', (column) => column.notNull())
      .addColumn('action', 'varchar(32)', (column) => column.notNull())
      .addColumn('book_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('book_name', 'varchar(60)', (column) => column.notNull())
      .addColumn('title', 'varchar(120)', (column) => column.notNull())
      .addColumn('contact_count', 'integer', (column) => column.notNull())
      .addColumn('undone_by', 'integer')
      .addColumn('book_before', 'text')
      .addColumn('book_version', 'integer')
      .execute();
    await schema.createIndex('changes_by_time').on('changes').column('at_ms').execute();
    await schema
      .createTable('change_items')
      .addColumn('change_id', 'integer', (column) => column.notNull())
      .addColumn('contact_id', 'integer', (column) => column.notNull())
      .addColumn('before_contact', 'text')
      .addColumn('after_version', 'integer')
      .addPrimaryKeyConstraint('change_items_key', ['change_id', 'contact_id'])
      .execute();
  },
};
