/**
 * Reads what a telephone plays out of a WAV file (RIFF, Microsoft and IBM 1991): linear samples of
 * 16 bits, one channel, 8000 Hz. Pure; files come from a package, but may be anything.
 */
const pcmFormat = 1;
const chunkHeaderBytes = 8;

/** Undefined: it is something else, or broken. Extra chunks are passed over, a cut end is a short sound. */
export function readWav(file: Buffer): Int16Array | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    return undefined;
  }
  let isTelephony = false;
  let start = 12;
  while (start + chunkHeaderBytes <= file.length) {
    const name = file.toString('latin1', start, start + 4);
    const body = start + chunkHeaderBytes;
    const sizeBytes = file.readUInt32LE(start + 4);
    const chunk = file.subarray(body, body + sizeBytes);
    if (name === 'fmt ') {
      isTelephony = isTelephonyFormat(chunk);
    }
    if (name === 'data') {
      return isTelephony ? toSamples(chunk) : undefined;
    }
    start = body + sizeBytes + (sizeBytes % 2);
  }
  return undefined;
}

function isTelephonyFormat(chunk: Buffer): boolean {
  return (
    chunk.length >= 16 &&
    chunk.readUInt16LE(0) === pcmFormat &&
    chunk.readUInt16LE(2) === 1 &&
    chunk.readUInt32LE(4) === 8000 &&
    chunk.readUInt16LE(14) === 16
  );
}

function toSamples(chunk: Buffer): Int16Array {
  return Int16Array.from({ length: Math.floor(chunk.length / 2) }, (_, n) =>
    chunk.readInt16LE(2 * n),
  );
}
