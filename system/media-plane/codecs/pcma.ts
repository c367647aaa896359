/** PCMA: G.711 A-law (RFC 3551 §4.5.14). A code is sign, segment, step with the even bits inverted. */
import { createDecodeTable, findSegment, type Codec } from './codec.ts';

const evenBits = 0x55;
const largestMagnitude = 32767;

function decodeCode(code: number): number {
  const plain = code ^ evenBits;
  const segment = (plain >> 4) & 7;
  const step = plain & 0x0f;
  // Segment 0 is linear; the others have an implied leading one. 8 is half a step.
  const magnitude = segment === 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
  return (plain & 0x80) === 0 ? -magnitude : magnitude;
}

const decodeTable = createDecodeTable(decodeCode);

export const pcma: Codec = {
  silence: 0xd5,
  // 3.14 dB below the clipping sine of 4096 * 8.
  sinePeakAt0Dbm0: 22_827,

  encode(sample) {
    // Negative values round away from zero in the standard: −1 belongs to the first negative step.
    const sign = sample < 0 ? 0 : 0x80;
    const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, largestMagnitude);
    const segment = findSegment(magnitude, 7);
    const step = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
    return (sign | (segment << 4) | step) ^ evenBits;
  },

  decode(code) {
    return decodeTable[code] ?? 0;
  },
};
