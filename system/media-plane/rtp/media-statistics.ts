/** From the figures of the packet thread to `MediaStatistics`: NaN becomes unknown, MOS is added. */
import type { MediaStatistics } from '../media.ts';
import { statisticsIndex } from '../native/binding.ts';
import { estimateMos, findCodecImpairment } from './mos.ts';

/** `figures` in the order of `statisticsIndex`. */
export function toMediaStatistics(figures: Float64Array): MediaStatistics {
  const packetsReceived = counter(figures[statisticsIndex.packetsReceived]);
  const packetsLost = known(figures[statisticsIndex.packetsLost]);
  const payloadType = known(figures[statisticsIndex.payloadType]);
  const roundTripMs = known(figures[statisticsIndex.roundTripMs]);
  return {
    packetsReceived,
    packetsSent: counter(figures[statisticsIndex.packetsSent]),
    bytesReceived: counter(figures[statisticsIndex.bytesReceived]),
    bytesSent: counter(figures[statisticsIndex.bytesSent]),
    packetsLost,
    jitterMs: known(figures[statisticsIndex.jitterMs]),
    remotePacketsLost: known(figures[statisticsIndex.remotePacketsLost]),
    remoteJitterMs: known(figures[statisticsIndex.remoteJitterMs]),
    roundTripMs,
    mos: estimateMosOf(packetsReceived, packetsLost, payloadType, roundTripMs),
    payloadType,
    packetsFromStrangers: counter(figures[statisticsIndex.packetsFromStrangers]),
    silentForMs: known(figures[statisticsIndex.silentForMs]),
  };
}

function known(figure: number | undefined): number | undefined {
  return figure === undefined || Number.isNaN(figure) ? undefined : figure;
}

/** Counters are unknown only when the whole plane is gone; nothing passed then. */
function counter(figure: number | undefined): number {
  return known(figure) ?? 0;
}

function estimateMosOf(
  packetsReceived: number,
  packetsLost: number | undefined,
  payloadType: number | undefined,
  roundTripMs: number | undefined,
): number | undefined {
  const codec = payloadType === undefined ? undefined : findCodecImpairment(payloadType);
  if (codec === undefined || packetsLost === undefined || packetsReceived === 0) {
    return undefined;
  }
  return estimateMos({
    lossFraction: packetsLost / (packetsLost + packetsReceived),
    codec,
    delayMs: roundTripMs === undefined ? undefined : roundTripMs / 2,
  });
}
