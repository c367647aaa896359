/** PCMU: G.711 µ-law (RFC 3551 §4.5.14). A code is the inverted form of sign, segment, step. */
import { createDecodeTable, findSegment, type Codec } from './codec.ts';

/** Added to the magnitude so that every segment begins at a power of two. */
const bias = 0x84;
const largestMagnitude = 32635;

function decodeCode(code: number): number {
  const inverted = ~code & 0xff;
  const segment = (inverted >> 4) & 7;
  const step = inverted & 0x0f;
  const magnitude = (((step << 3) + bias) << segment) - bias;
  return (inverted & 0x80) === 0 ? magnitude : -magnitude;
}

const decodeTable = createDecodeTable(decodeCode);

export const pcmu: Codec = {
  silence: 0xff,
  // 3.17 dB below the clipping sine of 8159 * 4.
  sinePeakAt0Dbm0: 22_655,

  encode(sample) {
    const sign = sample < 0 ? 0x80 : 0;
    const magnitude = Math.min(Math.abs(sample), largestMagnitude) + bias;
    const segment = findSegment(magnitude, 7);
    const step = (magnitude >> (segment + 3)) & 0x0f;
    return ~(sign | (segment << 4) | step) & 0xff;
  },

  decode(code) {
    return decodeTable[code] ?? 0;
  },
};
