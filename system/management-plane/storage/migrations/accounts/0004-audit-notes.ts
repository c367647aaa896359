/** What an entry says besides is told in the language of the reader; older ones have English only. */
import type { Migration } from '../../migration.ts';

export const auditNotes: Migration = {
  number: 4,
  name: 'audit notes',
  up: async ({ schema }) => {
    await schema.alterTable('audit').addColumn('notes', 'text').execute();
  },
};
