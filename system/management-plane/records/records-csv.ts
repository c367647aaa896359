/** Call records as comma-separated text, written piece by piece: no export is held in memory. */
import { stringify } from 'csv-stringify/sync';
import { neutraliseFormula } from '../csv/formula.ts';
import type { CallSummary, RecordFilter, RecordStore } from './record-store.ts';

/** More calls than this are not exported at once: the newest are. */
export const recordsPerExport = 25_000;

const rowsPerPiece = 500;

const heading = [
  'start',
  'answer',
  'end',
  'talk_seconds',
  'caller_number',
  'caller_name',
  'callee_number',
  'callee_name',
  'outcome',
  'hung_up_by',
  'sip_status',
  'mos',
  'reference',
];

export async function* exportRecordsCsv(
  store: RecordStore,
  filter: RecordFilter,
): AsyncGenerator<string> {
  let rows: string[][] = [heading];
  for await (const call of store.iterate(filter, recordsPerExport)) {
    rows.push(toRow(call));
    if (rows.length >= rowsPerPiece) {
      yield toText(rows);
      rows = [];
    }
  }
  yield toText(rows);
}

function toText(rows: readonly string[][]): string {
  return stringify([...rows], { record_delimiter: '\r\n' });
}

function toRow(call: CallSummary): string[] {
  return [
    toInstant(call.startedAtMs),
    toInstant(call.answeredAtMs),
    toInstant(call.endedAtMs),
    String(Math.round(call.talkMs / 1000)),
    neutraliseFormula(call.callerNumber),
    neutraliseFormula(call.callerName),
    neutraliseFormula(call.calleeNumber),
    neutraliseFormula(call.calleeName),
    call.outcome,
    call.hangupSide,
    String(call.sipStatus),
    call.mos === undefined ? '' : call.mos.toFixed(2),
    call.callRef,
  ];
}

function toInstant(atMs: number | undefined): string {
  return atMs === undefined ? '' : new Date(atMs).toISOString();
}
