/** Calls in progress as they leave. */
import type { ActiveCall as BusCall } from '../../../../bus/contract.ts';
import type { MediaStatistics as PlaneStatistics } from '../../../../media-plane/media.ts';
import { presentInstant, presentOptionalInstant } from '../../wire/instant.ts';
import type { ActiveCall, MediaStatistics } from './schema.ts';

export function presentActiveCall(call: BusCall): ActiveCall {
  return {
    callRef: call.callRef,
    state: call.state,
    callerNumber: call.callerNumber,
    callerName: call.callerName,
    calleeNumber: call.calleeNumber,
    calleeName: call.calleeName,
    startedAt: presentInstant(call.startedAtMs),
    answeredAt: presentOptionalInstant(call.answeredAtMs),
    mediaMode: call.mediaMode,
    legs: call.legs.map((leg) => ({
      legRef: leg.legRef,
      role: leg.role,
      userId: leg.userId,
      address: leg.address,
      remote: leg.remote,
      codec: leg.codec,
      onHold: leg.onHold,
    })),
  };
}

/** Without what belongs elsewhere, such as the codec that call records keep beside them. */
export function presentMediaStatistics(media: PlaneStatistics): MediaStatistics {
  return {
    packetsReceived: media.packetsReceived,
    packetsSent: media.packetsSent,
    bytesReceived: media.bytesReceived,
    bytesSent: media.bytesSent,
    packetsLost: media.packetsLost,
    jitterMs: media.jitterMs,
    remotePacketsLost: media.remotePacketsLost,
    remoteJitterMs: media.remoteJitterMs,
    roundTripMs: media.roundTripMs,
    mos: media.mos,
    payloadType: media.payloadType,
    packetsFromStrangers: media.packetsFromStrangers,
    silentForMs: media.silentForMs,
  };
}
