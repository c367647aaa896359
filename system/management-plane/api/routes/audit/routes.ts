/** The audit trail: read and taken along, never changed. */
import { toDateName } from '../../wire/download-name.ts';
import { requireIdentity } from '../../request/identity.ts';
import { toOptionalMs } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import { presentAuditEntry } from './present.ts';
import {
  auditExportQuerySchema,
  auditPageSchema,
  type AuditQuery,
  auditQuerySchema,
} from './schema.ts';

export const auditRoutes = [
  defineRoute({
    method: 'GET',
    path: '/audit',
    permission: 'audit.read',
    summary: 'Lists logins and who did what, the newest first.',
    query: auditQuerySchema,
    answer: { kind: 'json', status: 200, schema: auditPageSchema },
    handler: async ({ query }, { audit }) => {
      const { direction, page, pageSize } = query;
      const { items, total } = await audit.list({ ...toFilter(query), direction, page, pageSize });
      return { body: { items: items.map(presentAuditEntry), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/audit/export.csv',
    permission: 'audit.read',
    summary: 'Gives the newest entries that fit as CSV.',
    query: auditExportQuerySchema,
    answer: { kind: 'text', status: 200, type: 'text/csv' },
    handler: async ({ query, identity, source }, { audit, clock }) => {
      const { actor } = requireIdentity(identity);
      const text = await audit.exportCsv(toFilter(query));
      await audit.record({ action: 'audit-exported', actor, address: source });
      return { text, fileName: `campanile-audit-${toDateName(clock.wallMs())}.csv` };
    },
  }),
];

function toFilter(query: Pick<AuditQuery, 'search' | 'from' | 'to' | 'action' | 'userId'>) {
  const { search, from, to, action, userId } = query;
  return { search, fromMs: toOptionalMs(from), toMs: toOptionalMs(to), action, userId };
}
