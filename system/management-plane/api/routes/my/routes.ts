/** What an account sees of itself. The filter is the account, never the request. */
import { ApiError } from '../../errors/api-error.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentCallSummary, presentOwnCallRecord } from '../call-records/present.ts';
import { toRecordQuery } from '../call-records/read-query.ts';
import { callRefParamsSchema } from '../calls/schema.ts';
import { myCallRecordPageSchema, myCallRecordsQuerySchema, ownCallRecordSchema } from './schema.ts';

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
  defineRoute({
    method: 'GET',
    path: '/my/call-records/{callRef}',
    permission: 'records.own',
    summary: 'Tells one own finished call: how it ended, and the audio of the own phones.',
    params: callRefParamsSchema,
    answer: { kind: 'json', status: 200, schema: ownCallRecordSchema },
    handler: async ({ params, identity }, { records }) => {
      const { userId } = requireIdentity(identity).actor;
      const record = await records.find(params.callRef);
      // Of the calls of others not even whether there is one.
      if (record?.caller.userId !== userId && record?.callee.userId !== userId) {
        throw new ApiError('not-found', 'There is no such finished call.');
      }
      return { body: presentOwnCallRecord(record, userId) };
    },
  }),
];
