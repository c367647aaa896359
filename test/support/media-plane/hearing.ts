/** Finds tones in what a phone's loudspeaker played. */
import { measureTone, type Sound } from './tone.ts';
import { waitUntil } from '../wait-until.ts';

/** A phone that writes down what it plays. */
export interface Ear {
  heard(): Sound;
}

/** A pure tone has more of its power there than this; coding costs a little. */
const toneShare = 0.9;
const windowSec = 0.05;

/** For how many seconds the tone, and nothing else, is in a sound from sample `from` to sample `to`. */
export function secondsOfTone(sound: Sound, frequencyHz: number, from = 0, to?: number): number {
  const { sampleRateHz, samples } = sound;
  const end = to ?? samples.length;
  const size = Math.round(windowSec * sampleRateHz);
  let windows = 0;
  for (let start = from; start + size <= end; start += size) {
    const part = { sampleRateHz, samples: samples.subarray(start, start + size) };
    if (measureTone(part, frequencyHz) > toneShare) {
      windows += 1;
    }
  }
  return windows * windowSec;
}

/** Resolves when half a second of the tone has been written down from sample `from`, or from now on. */
export async function waitForTone(
  ear: Ear,
  frequencyHz: number,
  from = ear.heard().samples.length,
): Promise<void> {
  await waitUntil(
    () => secondsOfTone(ear.heard(), frequencyHz, from) >= 0.5,
    `a tone of ${String(frequencyHz)} Hz is heard`,
  );
}
