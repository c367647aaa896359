/** From the figures of the packet thread to `MediaStatistics`: NaN becomes unknown, MOS is added. */
import type { MediaStatistics } from '../media.ts';
import { statisticsIndex } from '../native/binding.ts';
import { estimateMos, findCodecImpairment } from './mos.ts';

/** `figures` in the order of `statisticsIndex`. */
export function toMediaStatistics(figures: Float64Array): MediaStatistics {
  const packetsReceived = figures[statisticsIndex.packetsReceived] ?? 0;
  const packetsLost = known(figures[statisticsIndex.packetsLost]);
  const payloadType = known(figures[statisticsIndex.payloadType]);
  const roundTripMs = known(figures[statisticsIndex.roundTripMs]);
  return {
    packetsReceived,
    packetsSent: figures[statisticsIndex.packetsSent] ?? 0,
    bytesReceived: figures[statisticsIndex.bytesReceived] ?? 0,
    bytesSent: figures[statisticsIndex.bytesSent] ?? 0,
    packetsLost,
    jitterMs: known(figures[statisticsIndex.jitterMs]),
    remotePacketsLost: known(figures[statisticsIndex.remotePacketsLost]),
    remoteJitterMs: known(figures[statisticsIndex.remoteJitterMs]),
    roundTripMs,
    mos: estimateMosOf(packetsReceived, packetsLost, payloadType, roundTripMs),
    payloadType,
    packetsFromStrangers: figures[statisticsIndex.packetsFromStrangers] ?? 0,
    silentForMs: known(figures[statisticsIndex.silentForMs]),
  };
}

function known(figure: number | undefined): number | undefined {
  return figure === undefined || Number.isNaN(figure) ? undefined : figure;
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
