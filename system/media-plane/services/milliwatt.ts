/**
 * The test tone of telephony: 1004 Hz at 0 dBm0 (one milliwatt). 1004 rather than the 1000 Hz of
 * the eight-code sequence in G.711, because its samples do not repeat every millisecond and so use
 * all codes of that level.
 */
import type { Codec } from '../codecs/codec.ts';
import { frameSamples, type ServiceFactory } from './service.ts';

const toneHz = 1004;
const sampleRateHz = 8000;
/** 251 whole periods of the tone: after it the samples repeat. */
const tableSamples = 2000;

const tables = new WeakMap<Codec, Uint8Array>();

/** The repeating part of the tone, encoded. Made once per codec. */
function toneTable(codec: Codec): Uint8Array {
  let table = tables.get(codec);
  if (table === undefined) {
    const peak = codec.sinePeakAt0Dbm0;
    table = Uint8Array.from({ length: tableSamples }, (_, n) =>
      codec.encode(Math.round(peak * Math.sin((2 * Math.PI * toneHz * n) / sampleRateHz))),
    );
    tables.set(codec, table);
  }
  return table;
}

export const createMilliwatt: ServiceFactory = (codec) => {
  const table = toneTable(codec);
  let position = 0;
  return {
    tick(_received, outgoing) {
      const untilEnd = Math.min(frameSamples, tableSamples - position);
      outgoing.set(table.subarray(position, position + untilEnd));
      outgoing.set(table.subarray(0, frameSamples - untilEnd), untilEnd);
      position = (position + frameSamples) % tableSamples;
      return true;
    },
  };
};
