import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  statisticsIndex,
  statisticsLength,
} from '../../../../system/media-plane/native/binding.ts';
import { toMediaStatistics } from '../../../../system/media-plane/rtp/media-statistics.ts';
import { estimateMos, findCodecImpairment } from '../../../../system/media-plane/rtp/mos.ts';

const pcmu = { equipmentImpairment: 0, lossRobustness: 25.1 };

describe('the MOS estimate (ITU-T G.107, reduced)', () => {
  it.each([
    // R 93.2 is 4.41; the others follow from Ie,eff = Ie + (95 - Ie) * loss / (loss + Bpl).
    [0, undefined, 0, 4.41],
    [0.01, undefined, 0, 4.33],
    [0.05, undefined, 0, 3.96],
    [0.2, undefined, 0, 2.63],
    [0, 150, 0, 4.34],
    [0, 400, 0, 3.02],
    [0, undefined, 18, 4.13],
  ])(
    'for loss %f and delay %s of payload type %i is %f',
    (lossFraction, delayMs, type, expected) => {
      const codec = findCodecImpairment(type) ?? pcmu;

      expect(estimateMos({ lossFraction, codec, delayMs })).toBeCloseTo(expected, 1);
    },
  );

  it('lies between 1 and 4.5 and never rises with loss', () => {
    const loss = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(loss, loss, fc.integer({ min: 0, max: 5000 }), (a, b, delayMs) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const better = estimateMos({ lossFraction: less, codec: pcmu, delayMs });
        const worse = estimateMos({ lossFraction: more, codec: pcmu, delayMs });

        expect(better).toBeGreaterThanOrEqual(worse - 1e-9);
        expect(worse).toBeGreaterThanOrEqual(1);
        expect(better).toBeLessThanOrEqual(4.5);
      }),
    );
  });
});

describe('statistics of an endpoint', () => {
  it('shows what is unknown as unknown, never as zero', () => {
    expect(toMediaStatistics(new Float64Array(statisticsLength).fill(Number.NaN))).toEqual({
      packetsReceived: 0,
      packetsSent: 0,
      bytesReceived: 0,
      bytesSent: 0,
      packetsFromStrangers: 0,
      packetsLost: undefined,
      jitterMs: undefined,
      remotePacketsLost: undefined,
      remoteJitterMs: undefined,
      roundTripMs: undefined,
      mos: undefined,
      payloadType: undefined,
      silentForMs: undefined,
    });
  });

  it('estimates a MOS only for codecs it knows', () => {
    const figures = new Float64Array(statisticsLength);
    figures[statisticsIndex.packetsReceived] = 95;
    figures[statisticsIndex.packetsLost] = 5;
    figures[statisticsIndex.roundTripMs] = Number.NaN;

    figures[statisticsIndex.payloadType] = 8;
    expect(toMediaStatistics(figures).mos).toBeCloseTo(3.96, 1);
    figures[statisticsIndex.payloadType] = 111;
    expect(toMediaStatistics(figures).mos).toBeUndefined();
  });
});
