/** Finished calls: the history, one call with its story, and the file for a spreadsheet. */
import { Readable } from 'node:stream';
import { exportRecordsCsv } from '../../../records/records-csv.ts';
import { ApiError } from '../../errors/api-error.ts';
import { toDateName } from '../../wire/download-name.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { callRefParamsSchema } from '../calls/schema.ts';
import { presentCallRecord, presentCallSummary, presentHour } from './present.ts';
import { toRecordFilter, toRecordQuery } from './read-query.ts';
import {
  callRecordPageSchema,
  callRecordSchema,
  callRecordsExportQuerySchema,
  callRecordsQuerySchema,
  callsByHourSchema,
} from './schema.ts';

const hourMs = 3_600_000;
const hoursCounted = 24;

export const callRecordsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/call-records',
    permission: 'records.read',
    summary: 'Lists finished calls, the newest first.',
    query: callRecordsQuerySchema,
    answer: { kind: 'json', status: 200, schema: callRecordPageSchema },
    handler: async ({ query }, { records }) => {
      const { items, total } = await records.list(toRecordQuery(query));
      const { page, pageSize } = query;
      return { body: { items: items.map(presentCallSummary), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/call-records/by-hour',
    permission: 'records.read',
    summary: 'Counts the calls of the last 24 hours, hour by hour.',
    answer: { kind: 'json', status: 200, schema: callsByHourSchema },
    handler: async (_request, { records, clock }) => {
      const fromMs = (Math.floor(clock.wallMs() / hourMs) + 1 - hoursCounted) * hourMs;
      const hours = await records.countByHour(fromMs, hoursCounted);
      return { body: { items: hours.map(presentHour) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/call-records/export.csv',
    permission: 'records.export',
    summary: 'Gives finished calls as CSV, the newest that fit.',
    query: callRecordsExportQuerySchema,
    answer: { kind: 'text', status: 200, type: 'text/csv' },
    handler: async ({ query, identity, source }, { records, audit, clock }) => {
      const { actor } = requireIdentity(identity);
      await audit.record({ action: 'records-exported', actor, address: source });
      return {
        text: Readable.from(exportRecordsCsv(records, toRecordFilter(query))),
        fileName: `campanile-calls-${toDateName(clock.wallMs())}.csv`,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/call-records/{callRef}',
    permission: 'records.read',
    summary: 'Tells one finished call: legs, quality, and why it went where it went.',
    params: callRefParamsSchema,
    answer: { kind: 'json', status: 200, schema: callRecordSchema },
    handler: async ({ params }, { records }) => {
      const record = await records.find(params.callRef);
      if (record === undefined) {
        throw new ApiError('not-found', 'There is no such finished call.');
      }
      return { body: presentCallRecord(record) };
    },
  }),
];
