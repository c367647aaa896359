/** What an account sees of itself. The filter is the account, never the request. */
import { requireIdentity } from '../../identity.ts';
import { defineRoute } from '../../route.ts';
import { presentCallSummary } from '../call-records/present.ts';
import { toRecordQuery } from '../call-records/read-query.ts';
import { myCallRecordPageSchema, myCallRecordsQuerySchema } from './schema.ts';

export const myRoutes = [
  defineRoute({
    method: 'GET',
    path: '/my/call-records',
    permission: 'records.own',
    summary: 'Lists the own finished calls, the newest first.',
    query: myCallRecordsQuerySchema,
    answer: { kind: 'json', status: 200, schema: myCallRecordPageSchema },
    handler: async ({ query, identity }, { records }) => {
      const { userId } = requireIdentity(identity).actor;
      const { items, total } = await records.list({ ...toRecordQuery(query), userId });
      const { page, pageSize } = query;
      return { body: { items: items.map(presentCallSummary), total, page, pageSize } };
    },
  }),
];
