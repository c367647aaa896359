/** Every login asks the audit log whether anybody has come from that address before. */
import type { Migration } from '../../migration.ts';

export const auditByAddress: Migration = {
  number: 3,
  name: 'audit by address',
  up: async ({ schema }) => {
    await schema
      .createIndex('audit_by_address')
      .on('audit')
      .columns(['address', 'action', 'is_success', 'actor_id'])
      .execute();
    await schema.dropIndex('audit_by_actor').execute();
  },
};
