/** What an event says besides is told in the language of the reader; older ones have English only. */
import type { Migration } from '../../migration.ts';

export const eventNotes: Migration = {
  number: 2,
  name: 'event notes',
  up: async ({ schema }) => {
    await schema.alterTable('device_events').addColumn('notes', 'text').execute();
  },
};
