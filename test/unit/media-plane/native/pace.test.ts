import { describe, expect, it } from 'vitest';

import { mediaRules } from '../../../support/media-plane/media-rules.ts';

/** Packets evenly spread over `seconds` from `fromMs` on; returns what the last one was answered. */
function count(
  pace: ReturnType<typeof mediaRules.createPace>,
  perSecond: number,
  fromMs: number,
  seconds = 1,
) {
  const rounds = seconds * 1000;
  let next = 0;
  for (let n = 1; n <= rounds; n++) {
    next = mediaRules.countPackets(pace, perSecond / 1000, fromMs + n);
  }
  return { next, atMs: fromMs + rounds };
}

describe('the pace of the packet thread', () => {
  it('hands on each packet at once at 1,000 packets a second', () => {
    const pace = mediaRules.createPace();

    expect(count(pace, 1000, 5000).next).toBe(0);
  });

  it('lets packets gather until the next multiple of 5 ms, the longest wait, when there are more', () => {
    const pace = mediaRules.createPace();
    count(pace, 10_000, 5000);

    expect(mediaRules.countPackets(pace, 10, 6001)).toBe(6005);
    expect(mediaRules.countPackets(pace, 10, 6005)).toBe(6010);
    expect(mediaRules.countPackets(pace, 10, 6009.999)).toBe(6010);
  });

  it('returns to handing on at once when there are fewer than 1,000, not already in between', () => {
    const pace = mediaRules.createPace();
    count(pace, 10_000, 5000);

    expect(count(pace, 1000, 6000).next).toBe(7005);
    expect(mediaRules.countPackets(pace, 1, 7500)).toBe(0);
  });
});
