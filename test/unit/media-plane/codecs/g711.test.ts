import { describe, expect, it } from 'vitest';

import type { Codec } from '../../../../system/media-plane/codecs/codec.ts';
import { pcma } from '../../../../system/media-plane/codecs/pcma.ts';
import { pcmu } from '../../../../system/media-plane/codecs/pcmu.ts';

const codes = Array.from({ length: 256 }, (_, code) => code);

/** The two values of the codec around a sample; louder than its range: the loudest twice. */
function neighbours(codec: Codec, sample: number): number[] {
  const values = codes.map((code) => codec.decode(code));
  return [
    Math.max(...values.filter((value) => value <= sample), Math.min(...values)),
    Math.min(...values.filter((value) => value >= sample), Math.max(...values)),
  ];
}

describe.each([
  ['PCMU', pcmu],
  ['PCMA', pcma],
])('%s (G.711)', (_name, codec) => {
  it('encodes each of its values to the code it came from', () => {
    for (const code of codes) {
      const value = codec.decode(code);
      // µ-law has two codes for zero.
      expect(codec.decode(codec.encode(value))).toBe(value);
      expect(value === 0 || codec.encode(value) === code).toBe(true);
    }
  });

  it('encodes every sample to one of the two values around it, louder ones to the loudest', () => {
    for (let sample = -32_768; sample <= 32_767; sample += 97) {
      expect(neighbours(codec, sample)).toContain(codec.decode(codec.encode(sample)));
    }
  });

  it('has its silence at zero', () => {
    expect(Math.abs(codec.decode(codec.silence))).toBeLessThanOrEqual(8);
  });
});

it.each([
  ['PCMU', pcmu, [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e]],
  ['PCMA', pcma, [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4]],
])(
  'gives the codes of G.711 tables 5 and 6 for 1 kHz at 0 dBm0 in %s',
  (_name, codec, expected) => {
    const encoded = Array.from({ length: 8 }, (_, n) =>
      // The tables begin with the negative half wave, an eighth of a period after its zero.
      codec.encode(Math.round(-codec.sinePeakAt0Dbm0 * Math.sin((Math.PI / 4) * (n + 0.5)))),
    );

    const flipped = encoded.map((code) => code ^ 0x80);
    expect([encoded, flipped]).toContainEqual(expected);
  },
);
