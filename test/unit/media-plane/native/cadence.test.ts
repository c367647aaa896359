import { describe, expect, it } from 'vitest';

import { mediaRules } from '../../../support/media-plane/media-rules.ts';

const [late, onTime] = [0, 1];
const [another, first] = [0, 1];

/** How many of `packets` single ones on time were looked behind. */
function lookedBehind(
  cadence: ReturnType<typeof mediaRules.createCadence>,
  packets: number,
): number {
  return Array.from({ length: packets }, () =>
    mediaRules.noteArrival(cadence, onTime, first),
  ).reduce((sum, looked) => sum + looked, 0);
}

describe('the look behind a packet', () => {
  it('is spared for a stream that has come singly and on time for a while, but for each 16th packet', () => {
    const cadence = mediaRules.createCadence();

    expect(lookedBehind(cadence, 49)).toBe(49);
    expect(lookedBehind(cadence, 160)).toBe(10);
  });

  it.each([
    ['a packet is late, early, lost or of a stranger', late, first],
    ['a second one is found', onTime, another],
  ])('comes back when %s', (_, isOnTime, isFirst) => {
    const cadence = mediaRules.createCadence();
    lookedBehind(cadence, 100);

    expect(mediaRules.noteArrival(cadence, isOnTime, isFirst)).toBe(1);
    expect(lookedBehind(cadence, 49)).toBe(49);
  });
});
