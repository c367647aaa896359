/** Finished calls as they leave. */
import type { CallRecord } from '../../../../records/call-record.ts';
import type { CallSummary, HourOfCalls } from '../../../records/record-store.ts';
import { presentInstant, presentOptionalInstant } from '../../wire/instant.ts';
import { presentMediaStatistics } from '../calls/present.ts';
import type { CallRecordDetail, CallRecordSummary, CallsByHour, OwnCallRecord } from './schema.ts';

const msPerSec = 1_000;

export function presentCallSummary(call: CallSummary): CallRecordSummary {
  return {
    callRef: call.callRef,
    callerNumber: call.callerNumber,
    callerName: call.callerName,
    calleeNumber: call.calleeNumber,
    calleeName: call.calleeName,
    startedAt: presentInstant(call.startedAtMs),
    answeredAt: presentOptionalInstant(call.answeredAtMs),
    endedAt: presentInstant(call.endedAtMs),
    durationSec: call.talkMs / msPerSec,
    outcome: call.outcome,
    mediaMode: call.mediaMode,
    mos: call.mos,
  };
}

export function presentCallRecord(record: CallRecord): CallRecordDetail {
  const { answeredAtMs, endedAtMs } = record;
  const talkMs = answeredAtMs === undefined ? 0 : Math.max(0, endedAtMs - answeredAtMs);
  const estimates = record.legs.flatMap(({ media }) =>
    media?.mos === undefined ? [] : [media.mos],
  );
  return {
    callRef: record.callRef,
    callerUserId: record.caller.userId,
    callerNumber: record.caller.number,
    callerName: record.caller.name,
    calleeUserId: record.callee.userId,
    calleeNumber: record.callee.number,
    calleeName: record.callee.name,
    startedAt: presentInstant(record.startedAtMs),
    answeredAt: presentOptionalInstant(answeredAtMs),
    endedAt: presentInstant(endedAtMs),
    durationSec: talkMs / msPerSec,
    outcome: record.outcome,
    mos: estimates.length === 0 ? undefined : Math.min(...estimates),
    hangupSide: record.hangupSide,
    sipStatus: record.sipStatus,
    mediaMode: record.mediaMode,
    revision: record.revision,
    trace: record.trace.map(({ atMs, code, facts }) => ({ atMs, code, facts: { ...facts } })),
    legs: record.legs.map(presentLeg),
  };
}

/** For one of its parties: of the legs only the own ones, of the routing nothing. */
export function presentOwnCallRecord(record: CallRecord, userId: string): OwnCallRecord {
  const { hangupSide, sipStatus, legs, ...call } = presentCallRecord(record);
  return {
    callRef: call.callRef,
    callerNumber: call.callerNumber,
    callerName: call.callerName,
    calleeNumber: call.calleeNumber,
    calleeName: call.calleeName,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    durationSec: call.durationSec,
    outcome: call.outcome,
    mediaMode: call.mediaMode,
    mos: call.mos,
    hangupSide,
    sipStatus,
    legs: legs.filter((leg) => leg.userId === userId),
  };
}

export function presentHour({
  fromMs,
  answered,
  missed,
}: HourOfCalls): CallsByHour['items'][number] {
  return { at: presentInstant(fromMs), answered, missed };
}

function presentLeg(leg: CallRecord['legs'][number]): CallRecordDetail['legs'][number] {
  return {
    legRef: leg.legRef,
    role: leg.role,
    userId: leg.userId,
    address: leg.address,
    sipCallId: leg.sipCallId,
    userAgent: leg.userAgent,
    remote: leg.remote,
    startedAt: presentInstant(leg.startedAtMs),
    ringingAt: presentOptionalInstant(leg.ringingAtMs),
    answeredAt: presentOptionalInstant(leg.answeredAtMs),
    endedAt: presentInstant(leg.endedAtMs),
    sipStatus: leg.sipStatus,
    codec: leg.media?.codec,
    media: leg.media === undefined ? undefined : presentMediaStatistics(leg.media),
  };
}
