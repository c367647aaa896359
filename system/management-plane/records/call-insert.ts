/** Puts finished calls with their legs into the tables. */
import type { LegRecord } from '../../records/call-record.ts';
import type { PreparedInsert } from '../storage/prepared-insert.ts';
import { toLegRows } from './record-rows.ts';
import type { CallRow, LegRow, RecordsDatabase } from './records-tables.ts';

const callColumns = [
  'id',
  'call_ref',
  'started_at_ms',
  'answered_at_ms',
  'ended_at_ms',
  'talk_ms',
  'caller_user_id',
  'caller_number',
  'caller_name',
  'callee_user_id',
  'callee_number',
  'callee_name',
  'outcome',
  'hangup_side',
  'sip_status',
  'media_mode',
  'revision',
  'mos',
  'search_text',
  'trace',
] as const satisfies readonly (keyof CallRow)[];

const legColumns = [
  'call_id',
  'position',
  'leg_ref',
  'role',
  'user_id',
  'address',
  'sip_call_id',
  'user_agent',
  'remote',
  'started_at_ms',
  'ringing_at_ms',
  'answered_at_ms',
  'ended_at_ms',
  'sip_status',
  'media',
] as const satisfies readonly (keyof LegRow)[];

export class CallInsert {
  readonly #calls: PreparedInsert<CallRow>;
  readonly #legs: PreparedInsert<LegRow>;

  constructor(database: RecordsDatabase) {
    this.#calls = database.prepareInsert('call_records', callColumns);
    this.#legs = database.prepareInsert('call_legs', legColumns);
  }

  /** Inside a transaction. False when a call of this reference is stored already: it stays. */
  run(call: CallRow, legs: readonly LegRecord[]): boolean {
    const isNew = this.#calls.run(call);
    if (isNew) {
      for (const leg of toLegRows(call.id, legs)) {
        this.#legs.run(leg);
      }
    }
    return isNew;
  }
}
