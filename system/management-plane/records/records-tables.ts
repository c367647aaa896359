/**
 * Tables of the database `records.sqlite`: finished calls and their legs. It is apart from the
 * configuration, so that reports over millions of calls and a full disk never touch that.
 */
import type { Selectable } from 'kysely';
import type { CallOutcome, CallRecord, HangupSide, LegRecord } from '../../records/call-record.ts';
import type { SqlBoolean } from '../storage/column-value.ts';
import type { SqlDatabase } from '../storage/database.ts';

export interface RecordsTables {
  readonly call_records: CallRecordsTable;
  readonly call_legs: CallLegsTable;
  readonly rejected_records: RejectedRecordsTable;
  readonly erased_users: ErasedUsersTable;
}

export type RecordsDatabase = SqlDatabase<RecordsTables>;

export interface CallRecordsTable {
  /** Counted up in the order of storing. */
  readonly id: number;
  readonly call_ref: string;
  readonly started_at_ms: number;
  readonly answered_at_ms: number | null;
  readonly ended_at_ms: number;
  /** From answer to end; 0 when never answered. */
  readonly talk_ms: number;
  readonly caller_user_id: string | null;
  readonly caller_number: string;
  readonly caller_name: string;
  readonly callee_user_id: string | null;
  readonly callee_number: string;
  readonly callee_name: string;
  readonly outcome: CallOutcome;
  readonly hangup_side: HangupSide;
  readonly sip_status: number;
  readonly media_mode: CallRecord['mediaMode'];
  readonly revision: number;
  /** The worse of the legs' estimates; null when unknown. */
  readonly mos: number | null;
  /** Numbers and names of both sides, folded. */
  readonly search_text: string;
  /** JSON. */
  readonly trace: string;
}

export interface CallLegsTable {
  readonly call_id: number;
  /** From 0, in the order in which the legs came to be. */
  readonly position: number;
  readonly leg_ref: string;
  readonly role: LegRecord['role'];
  readonly user_id: string | null;
  readonly address: string;
  readonly sip_call_id: string;
  readonly user_agent: string | null;
  readonly remote: string;
  readonly started_at_ms: number;
  readonly ringing_at_ms: number | null;
  readonly answered_at_ms: number | null;
  readonly ended_at_ms: number;
  readonly sip_status: number | null;
  /** JSON; null when the audio went directly between the phones. */
  readonly media: string | null;
}

/** Journal entries that could not be stored, as they were: nothing finished is thrown away. */
export interface RejectedRecordsTable {
  readonly at_ms: number;
  readonly reason: string;
  readonly entry: string;
}

/** Whose calls were erased: what ends after that is stored without them, too. */
export interface ErasedUsersTable {
  readonly user_id: string;
  readonly at_ms: number;
  /** Whether the calls stored before are done. */
  readonly is_done: SqlBoolean;
}

export type CallRow = Selectable<CallRecordsTable>;
export type LegRow = Selectable<CallLegsTable>;
