/** The query of a list of calls, as the record store asks for it. */
import type { RecordFilter, RecordQuery } from '../../../records/record-store.ts';
import { toOptionalMs } from '../../wire/instant.ts';
import type { CallRecordsQuery } from './schema.ts';

export function toRecordFilter(
  query: Pick<CallRecordsQuery, 'search' | 'party' | 'from' | 'to' | 'outcome'>,
): RecordFilter {
  const { search, party, from, to, outcome } = query;
  return {
    fromMs: toOptionalMs(from),
    toMs: toOptionalMs(to),
    party: [search, party].filter((words) => words !== undefined).join(' '),
    outcome,
  };
}

export function toRecordQuery(query: CallRecordsQuery): RecordQuery {
  const { sort, direction, page, pageSize } = query;
  return { ...toRecordFilter(query), sort, direction, page, pageSize };
}
