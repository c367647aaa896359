/** The record of a call and its legs, made once, when the call is over. */
import type { CallOutcome, CallRecord, HangupSide, LegRecord } from '../../records/call-record.ts';
import { serializeHost } from '../sip/messages/host-port.ts';
import type { Flow } from '../sip/transport.ts';
import type { CallEnvironment } from './call-environment.ts';
import type { CallView } from './call-view.ts';
import type { Leg } from './legs/leg.ts';

/** How a call ended. */
export interface CallEnd {
  readonly outcome: CallOutcome;
  readonly side: HangupSide;
  /** The final status that the caller got. */
  readonly sipStatus: number;
  /** Wall clock. */
  readonly endedAtMs: number;
}

/** The legs' media must be closed: statistics are final. */
export function createCallRecord(call: CallView, end: CallEnd): CallRecord {
  const { callerParty, calleeParty } = call;
  return {
    callRef: call.callRef,
    caller: callerParty,
    callee: { number: calleeParty.number, userId: calleeParty.userId, name: calleeParty.name },
    startedAtMs: call.startedAtMs,
    answeredAtMs: call.answeredAtMs,
    endedAtMs: end.endedAtMs,
    outcome: end.outcome,
    hangupSide: end.side,
    sipStatus: end.sipStatus,
    mediaMode: call.mediaMode,
    revision: call.revision,
    trace: call.trace,
    legs: call.legs.map((leg) => toLegRecord(leg, end.endedAtMs)),
  };
}

/** Hands the record over; a failure there is logged and ends no call. */
export function keepRecord(
  { writeRecord, logger }: Pick<CallEnvironment, 'writeRecord' | 'logger'>,
  record: CallRecord,
): void {
  const { callRef, outcome, hangupSide, sipStatus } = record;
  logger.debug('a call ended', { callRef, outcome, hangupSide, sipStatus });
  try {
    writeRecord(record);
  } catch (error) {
    logger.error('a call record could not be written', { callRef, error });
  }
}

/** `udp 192.0.2.4:5060` */
export function remoteText(flow: Flow): string {
  return `${flow.protocol} ${serializeHost(flow.remoteAddress)}:${String(flow.remotePort)}`;
}

function toLegRecord(leg: Leg, endedAtMs: number): LegRecord {
  const { legRef, role, userId, address, flow, sipCallId, userAgent, startedAtMs } = leg.options;
  const statistics = leg.finalStatistics;
  return {
    legRef,
    role,
    userId,
    address,
    sipCallId,
    userAgent,
    remote: remoteText(flow),
    startedAtMs,
    ringingAtMs: leg.ringingAtMs,
    answeredAtMs: leg.answeredAtMs,
    endedAtMs: leg.endedAtMs ?? endedAtMs,
    sipStatus: leg.sipStatus,
    media: statistics === undefined ? undefined : { ...statistics, codec: leg.codec },
  };
}
