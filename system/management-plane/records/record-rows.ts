/** Call records as rows and back; pure. */
import type { CallRef, LegRef, UserId } from '../../foundation/ids.ts';
import type { CallRecord, LegMedia, LegRecord } from '../../records/call-record.ts';
import type { TraceStep } from '../../routing/trace.ts';
import { foldForSearch } from '../configuration-store/search-text.ts';
import type { CallRow, LegRow } from './records-tables.ts';

export function toCallRow(id: number, record: CallRecord): CallRow {
  const { caller, callee, answeredAtMs } = record;
  return {
    id,
    call_ref: record.callRef,
    started_at_ms: record.startedAtMs,
    answered_at_ms: answeredAtMs ?? null,
    ended_at_ms: record.endedAtMs,
    talk_ms: answeredAtMs === undefined ? 0 : Math.max(0, record.endedAtMs - answeredAtMs),
    caller_user_id: caller.userId ?? null,
    caller_number: caller.number,
    caller_name: caller.name,
    callee_user_id: callee.userId ?? null,
    callee_number: callee.number,
    callee_name: callee.name,
    outcome: record.outcome,
    hangup_side: record.hangupSide,
    sip_status: record.sipStatus,
    media_mode: record.mediaMode,
    revision: record.revision,
    mos: worstMosOf(record.legs) ?? null,
    search_text: foldForSearch([caller.number, caller.name, callee.number, callee.name].join('\n')),
    trace: JSON.stringify(record.trace),
  };
}

export function toLegRows(callId: number, legs: readonly LegRecord[]): LegRow[] {
  return legs.map((leg, position) => ({
    call_id: callId,
    position,
    leg_ref: leg.legRef,
    role: leg.role,
    user_id: leg.userId ?? null,
    address: leg.address,
    sip_call_id: leg.sipCallId,
    user_agent: leg.userAgent ?? null,
    remote: leg.remote,
    started_at_ms: leg.startedAtMs,
    ringing_at_ms: leg.ringingAtMs ?? null,
    answered_at_ms: leg.answeredAtMs ?? null,
    ended_at_ms: leg.endedAtMs,
    sip_status: leg.sipStatus ?? null,
    media: leg.media === undefined ? null : JSON.stringify(leg.media),
  }));
}

export function fromRows(row: CallRow, legRows: readonly LegRow[]): CallRecord {
  return {
    callRef: row.call_ref as CallRef,
    caller: {
      userId: (row.caller_user_id ?? undefined) as UserId | undefined,
      number: row.caller_number,
      name: row.caller_name,
    },
    callee: {
      userId: (row.callee_user_id ?? undefined) as UserId | undefined,
      number: row.callee_number,
      name: row.callee_name,
    },
    startedAtMs: row.started_at_ms,
    answeredAtMs: row.answered_at_ms ?? undefined,
    endedAtMs: row.ended_at_ms,
    outcome: row.outcome,
    hangupSide: row.hangup_side,
    sipStatus: row.sip_status,
    mediaMode: row.media_mode,
    revision: row.revision,
    trace: JSON.parse(row.trace) as TraceStep[],
    legs: legRows.map(toLeg),
  };
}

function toLeg(row: LegRow): LegRecord {
  return {
    legRef: row.leg_ref as LegRef,
    role: row.role,
    userId: (row.user_id ?? undefined) as UserId | undefined,
    address: row.address,
    sipCallId: row.sip_call_id,
    userAgent: row.user_agent ?? undefined,
    remote: row.remote,
    startedAtMs: row.started_at_ms,
    ringingAtMs: row.ringing_at_ms ?? undefined,
    answeredAtMs: row.answered_at_ms ?? undefined,
    endedAtMs: row.ended_at_ms,
    sipStatus: row.sip_status ?? undefined,
    media: row.media === null ? undefined : (JSON.parse(row.media) as LegMedia),
  };
}

function worstMosOf(legs: readonly LegRecord[]): number | undefined {
  let worst: number | undefined;
  for (const { media } of legs) {
    const mos = media?.mos;
    // JSON makes null of a number that is none.
    if (typeof mos === 'number' && (worst === undefined || mos < worst)) {
      worst = mos;
    }
  }
  return worst;
}
