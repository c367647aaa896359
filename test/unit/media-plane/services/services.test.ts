import { describe, expect, it } from 'vitest';

import type { Codec } from '../../../../system/media-plane/codecs/codec.ts';
import { pcma } from '../../../../system/media-plane/codecs/pcma.ts';
import { pcmu } from '../../../../system/media-plane/codecs/pcmu.ts';
import { createEcho } from '../../../../system/media-plane/services/echo.ts';
import { createMilliwatt } from '../../../../system/media-plane/services/milliwatt.ts';
import { noVoices } from '../../../../system/media-plane/voices/voice.ts';
import { measureLevelDbm0, measureTone } from '../../../support/media-plane/tone.ts';

function listen(codec: Codec, frames: number): Int16Array {
  const service = createMilliwatt(codec, noVoices.en);
  const outgoing = new Uint8Array(160);
  const samples: number[] = [];
  for (let n = 0; n < frames; n++) {
    expect(service.tick(undefined, outgoing)).toBe(true);
    samples.push(...Array.from(outgoing, (code) => codec.decode(code)));
  }
  return Int16Array.from(samples);
}

describe.each([
  ['PCMU', pcmu],
  ['PCMA', pcma],
])('media services in %s', (_name, codec) => {
  it('play 1004 Hz at 0 dBm0 as milliwatt, without a break', () => {
    const samples = listen(codec, 150);

    expect(measureTone({ sampleRateHz: 8000, samples }, 1004)).toBeGreaterThan(0.999);
    expect(measureTone({ sampleRateHz: 8000, samples }, 1000)).toBeLessThan(0.01);
    expect(Math.abs(measureLevelDbm0(samples, codec.sinePeakAt0Dbm0))).toBeLessThan(0.05);
  });

  it('send back what they hear as echo, and silence when they hear nothing', () => {
    const echo = createEcho(codec, noVoices.en);
    const heard = Uint8Array.from({ length: 160 }, (_, n) => n);
    const outgoing = new Uint8Array(160);

    expect(echo.tick(heard, outgoing)).toBe(true);
    expect(outgoing).toEqual(heard);
    expect(echo.tick(undefined, outgoing)).toBe(true);
    expect(outgoing).toEqual(new Uint8Array(160).fill(codec.silence));
  });
});
