/** A G.711 codec: one byte is one sample at 8 kHz. Samples are 16 bits linear. */
export interface Codec {
  /** The code of a sample of zero. */
  readonly silence: number;
  /** Linear peak value of a sine at 0 dBm0 (G.711 tables 5 and 6 fix the codes of that level). */
  readonly sinePeakAt0Dbm0: number;
  /** −32768 to 32767; louder than the codec's range is clipped. */
  encode(sample: number): number;
  decode(code: number): number;
}

/** A codec's 256 linear values as a table. */
export function createDecodeTable(decode: (code: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, code) => decode(code));
}

/**
 * The logarithmic part both laws share: the segment is the place of the highest bit above
 * `lowestBit`, 0 to 7.
 */
export function findSegment(magnitude: number, lowestBit: number): number {
  return Math.max(0, 31 - Math.clz32(magnitude) - lowestBit);
}
