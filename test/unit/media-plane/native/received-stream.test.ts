import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { mediaRules } from '../../../support/media-plane/media-rules.ts';

interface Packet {
  readonly sequence: number;
  readonly atMs: number;
  readonly timestamp?: number;
  readonly payloadType?: number;
  readonly ssrc?: number;
}

function receive(packets: readonly Packet[]) {
  const stream = mediaRules.createReceivedStream();
  for (const packet of packets) {
    mediaRules.receivePacket(
      stream,
      packet.payloadType ?? 0,
      packet.ssrc ?? 1,
      packet.sequence & 0xffff,
      packet.timestamp ?? packet.sequence * 160,
      packet.atMs,
    );
  }
  const figures = new Float64Array(5);
  mediaRules.readStream(stream, figures);
  const [lost, jitterMs, clockHz, highest, isOnTime] = figures;
  return { lost, jitterMs, clockHz, highest, isOnTime: isOnTime === 1 };
}

/** `count` packets, 20 ms apart. */
function steady(first: number, count: number, payloadType = 0): Packet[] {
  return Array.from({ length: count }, (_, n) => ({
    sequence: first + n,
    atMs: 5000 + 20 * n,
    payloadType,
  }));
}

describe('the statistics of a received stream (RFC 3550 appendix A)', () => {
  it('counts what is missing by sequence number, over wraps, whatever the order (§A.3)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 998 }), { maxLength: 200 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1000, maxLength: 1000 }),
        (first, missing, displacement) => {
          const gone = new Set(missing.map((n) => first + n));
          const arriving = steady(first, 1000)
            .filter((packet) => !gone.has(packet.sequence))
            .map((packet, n) => ({ packet, order: n === 0 ? -1 : n + (displacement[n] ?? 0) }))
            .sort((left, right) => left.order - right.order)
            .map(({ packet }) => packet);

          expect(receive(arriving).lost).toBe(missing.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('counts cycles of the sequence number', () => {
    expect(receive(steady(65_000, 1000)).highest).toBe(65_999);
    expect(receive(steady(0, 70_000)).highest).toBe(69_999);
  });

  it('never reports negative loss when packets come twice', () => {
    const doubled = steady(10, 50).flatMap((packet) => [packet, packet]);

    expect(receive(doubled).lost).toBe(0);
  });

  it('takes a jump of the sequence number for a restart, not for loss (§A.1)', () => {
    const packets = [...steady(100, 50), ...steady(30_000, 50)];

    expect(receive(packets).lost).toBe(0);
  });

  it('keeps the loss of a former SSRC and counts the new one for itself', () => {
    const before = steady(0, 10).filter(({ sequence }) => sequence !== 5);
    const after = steady(60_000, 10).map((packet) => ({ ...packet, ssrc: 2 }));

    expect(receive([...before, ...after]).lost).toBe(1);
  });

  it('sees no jitter in a steady stream and the right one in an alternating delay (§A.8)', () => {
    expect(receive(steady(0, 500)).jitterMs).toBe(0);

    const alternating = steady(0, 500).map((packet, n) => ({
      ...packet,
      atMs: packet.atMs + (n % 2) * 8,
    }));
    expect(receive(alternating).jitterMs).toBeCloseTo(8, 1);
  });

  it('leaves the repeated timestamps of a telephone-event out of the jitter', () => {
    const events = steady(0, 500).map((packet, n) =>
      n < 100 || n > 110 ? packet : { ...packet, timestamp: 100 * 160, payloadType: 101 },
    );

    expect(receive(events).jitterMs).toBe(0);
  });

  it.each([
    ['the next one, 6 ms early', 41, 14, 41 * 160, true],
    ['the next one, 7 ms late', 41, 27, 41 * 160, false],
    ['the one after a lost one', 42, 40, 42 * 160, false],
    ['a repeated timestamp', 41, 20, 40 * 160, false],
  ])(
    'knows whether a packet comes singly on time: %s',
    (_, sequence, afterMs, timestamp, isOnTime) => {
      const packets = [...steady(20, 21), { sequence, atMs: 5400 + afterMs, timestamp }];

      expect(receive(packets).isOnTime).toBe(isOnTime);
    },
  );

  it.each([
    [48_000, 960],
    [8000, 160],
    [90_000, 1800],
  ])('measures a clock of %i Hz where the payload type does not tell', (clockHz, ticks) => {
    const packets = steady(0, 100, 111).map((packet) => ({
      ...packet,
      timestamp: packet.sequence * ticks,
    }));

    expect(receive(packets)).toMatchObject({ clockHz, jitterMs: 0 });
    expect(receive(packets.slice(0, 20))).toMatchObject({ clockHz: 0, jitterMs: Number.NaN });
  });
});
