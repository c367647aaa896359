/** Puts rows of calls and their legs into the tables, many with one statement. */
import type { Transaction } from 'kysely';
import { inChunks } from '../storage/column-value.ts';
import type { CallRow, LegRow, RecordsTables } from './records-tables.ts';

const callColumns = 20;
const legColumns = 15;

export async function insertCalls(
  transaction: Transaction<RecordsTables>,
  callRows: readonly CallRow[],
  legRows: readonly LegRow[],
): Promise<void> {
  for (const chunk of inChunks(callRows, callColumns)) {
    await transaction.insertInto('call_records').values(chunk).execute();
  }
  for (const chunk of inChunks(legRows, legColumns)) {
    await transaction.insertInto('call_legs').values(chunk).execute();
  }
}
