/** Every login asks the audit log whether its account has come from that address before. */
import type { Migration } from '../../migration.ts';

export const auditByActor: Migration = {
  number: 2,
  name: 'audit by actor',
  up: async ({ schema }) => {
    await schema
      .createIndex('audit_by_actor')
      .on('audit')
      .columns(['actor_id', 'address'])
      .execute();
  },
};
