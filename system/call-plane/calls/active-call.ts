/** What the list of calls shows of a call. */
import type { ActiveCall, ActiveLeg } from '../../bus/contract.ts';
import type { CallView } from './call-view.ts';
import type { Leg } from './legs/leg.ts';
import { remoteText } from './record.ts';

export function toActiveCall(call: CallView): ActiveCall {
  return {
    callRef: call.callRef,
    state: call.state === 'over' ? 'answered' : call.state,
    callerNumber: call.callerParty.number,
    callerName: call.callerParty.name,
    calleeNumber: call.calleeParty.number,
    calleeName: call.calleeParty.name,
    startedAtMs: call.startedAtMs,
    answeredAtMs: call.answeredAtMs,
    mediaMode: call.mediaMode,
    legs: call.legs.filter((leg) => leg.endedAtMs === undefined).map(toActiveLeg),
  };
}

function toActiveLeg(leg: Leg): ActiveLeg {
  const { legRef, role, userId, address, flow } = leg.options;
  return {
    legRef,
    role,
    userId,
    address,
    remote: remoteText(flow),
    codec: leg.codec,
    onHold: leg.isHolding,
  };
}
