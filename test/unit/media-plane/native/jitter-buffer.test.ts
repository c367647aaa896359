import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { mediaRules } from '../../../support/media-plane/media-rules.ts';

const frameSamples = 160;
const silence = 0xff;

class Buffer160 {
  readonly #buffer = mediaRules.createJitterBuffer();

  /** Every sample of packet `n` has the value `n % 200`. */
  put(n: number, ssrc = 1, firstTimestamp = 1000): void {
    const samples = new Uint8Array(frameSamples).fill(n % 200);
    mediaRules.putAudio(this.#buffer, ssrc, (firstTimestamp + n * frameSamples) >>> 0, samples);
  }

  /** The value of the frame, or undefined when nothing of it was there. */
  take(): number | undefined {
    const frame = new Uint8Array(frameSamples);
    const present = mediaRules.takeAudio(this.#buffer, frame, silence);
    expect(present === 0 || present === frameSamples).toBe(true);
    return present === 0 ? undefined : frame[0];
  }
}

describe('the jitter buffer', () => {
  it('plays 40 ms behind and then without a gap', () => {
    const buffer = new Buffer160();
    const played: (number | undefined)[] = [];
    for (let n = 0; n < 100; n++) {
      buffer.put(n);
      played.push(buffer.take());
    }

    expect(played.slice(0, 2)).toEqual([undefined, undefined]);
    expect(played.slice(2)).toEqual(Array.from({ length: 98 }, (_, n) => n));
  });

  it('plays every packet once and in order when none is later than 40 ms', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (delays, firstTimestamp) => {
          const buffer = new Buffer160();
          const arrivals = delays.map((delay, n) => ({ n, tick: n + (n === 0 ? 0 : delay) }));
          const played: (number | undefined)[] = [];
          for (let tick = 0; tick < 62; tick++) {
            for (const arrival of arrivals.filter((candidate) => candidate.tick === tick)) {
              buffer.put(arrival.n, 1, firstTimestamp);
              buffer.put(arrival.n, 1, firstTimestamp);
            }
            played.push(buffer.take());
          }

          expect(played.slice(2)).toEqual(Array.from({ length: 60 }, (_, n) => n));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leaves a hole of the right length where a packet was lost', () => {
    const buffer = new Buffer160();
    const played: (number | undefined)[] = [];
    for (let n = 0; n < 20; n++) {
      if (n !== 7) {
        buffer.put(n);
      }
      played.push(buffer.take());
    }

    expect(played.slice(8, 11)).toEqual([6, undefined, 8]);
  });

  it('fills what is missing inside a frame with silence', () => {
    const buffer = mediaRules.createJitterBuffer();
    mediaRules.putAudio(buffer, 1, 0, new Uint8Array(80).fill(5));
    const frame = new Uint8Array(frameSamples);
    mediaRules.takeAudio(buffer, frame, silence);
    mediaRules.takeAudio(buffer, frame, silence);

    expect(mediaRules.takeAudio(buffer, frame, silence)).toBe(80);
    expect([frame[79], frame[80]]).toEqual([5, silence]);
  });

  it('takes packets of any length', () => {
    const buffer = mediaRules.createJitterBuffer();
    const frame = new Uint8Array(frameSamples);
    let total = 0;
    for (let n = 0; n < 50; n++) {
      if (n % 3 === 0) {
        mediaRules.putAudio(buffer, 1, n * frameSamples, new Uint8Array(3 * frameSamples).fill(1));
      }
      total += mediaRules.takeAudio(buffer, frame, silence);
    }

    expect(total).toBe(48 * frameSamples);
  });

  it('waits for late packets instead of losing them', () => {
    const buffer = new Buffer160();
    const played: (number | undefined)[] = [];
    for (let tick = 0; tick < 100; tick++) {
      // From packet 20 on everything is 80 ms late.
      const n = tick < 20 ? tick : tick - 4;
      if (tick < 20 || n >= 20) {
        buffer.put(n);
      }
      played.push(buffer.take());
    }

    expect(played.filter((n) => n !== undefined)).toEqual(Array.from({ length: 96 }, (_, n) => n));
    expect(played.slice(24).includes(undefined)).toBe(false);
  });

  it('gives the delay back when it is not needed any more', () => {
    const buffer = new Buffer160();
    let last: number | undefined;
    for (let tick = 0; tick < 300; tick++) {
      // Packets 50 to 64 are held up and come at once.
      if (tick < 50 || tick > 64) {
        buffer.put(tick);
      } else if (tick === 64) {
        Array.from({ length: 15 }, (_, n) => 50 + n).forEach((n) => {
          buffer.put(n);
        });
      }
      last = buffer.take() ?? last;
    }

    // 40 ms behind, as in the beginning.
    expect(last).toBe((299 - 2) % 200);
  });

  it('begins anew after a pause of the sender, without keeping its length as delay', () => {
    const buffer = new Buffer160();
    const played: (number | undefined)[] = [];
    for (let tick = 0; tick < 60; tick++) {
      if (tick < 20 || tick >= 40) {
        buffer.put(tick);
      }
      played.push(buffer.take());
    }

    expect(played.slice(42)).toEqual(Array.from({ length: 18 }, (_, n) => 40 + n));
  });

  it('follows a sender that starts anew with another SSRC', () => {
    const buffer = new Buffer160();
    for (let n = 0; n < 10; n++) {
      buffer.put(n);
      buffer.take();
    }
    const played: (number | undefined)[] = [];
    for (let n = 0; n < 10; n++) {
      buffer.put(n, 2, 3_000_000_000);
      played.push(buffer.take());
    }

    expect(played.slice(2)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('does not let delay build up when the sender is faster', () => {
    const buffer = new Buffer160();
    let sent = 0;
    let last: number | undefined = 0;
    for (let tick = 0; tick < 3000; tick++) {
      buffer.put(sent++);
      if (tick % 100 === 0) {
        buffer.put(sent++);
      }
      last = buffer.take() ?? last;
    }

    // Sent 30 packets more than were played: at most a few of them still wait.
    expect((sent - 1 - last + 200) % 200).toBeLessThan(5);
  });
});
