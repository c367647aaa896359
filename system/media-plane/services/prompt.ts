/**
 * Short tones by which a caller hears what became of a request that was dialled: two rising notes for
 * done, three low ones for refused. After them there is silence until the call is ended.
 */
import type { Codec } from '../codecs/codec.ts';
import { frameSamples, type ServiceFactory } from './service.ts';

interface Note {
  /** 0: silence. */
  readonly hz: number;
  readonly ms: number;
}

const sampleRateHz = 8000;
/** Of 0 dBm0: about −12, as loud as speech. */
const level = 0.25;

/** Before the first note: the phone may still open its audio. */
const pause: Note = { hz: 0, ms: 200 };

const done: readonly Note[] = [pause, { hz: 620, ms: 200 }, { hz: 930, ms: 400 }];
const refusedNote: Note = { hz: 425, ms: 200 };
const refused: readonly Note[] = [pause, ...[0, 1, 2].flatMap(() => [refusedNote, pause])];

export const createDoneTone: ServiceFactory = (codec) => createTone(codec, done);
export const createRefusedTone: ServiceFactory = (codec) => createTone(codec, refused);

function createTone(codec: Codec, notes: readonly Note[]): ReturnType<ServiceFactory> {
  const samples = encodeNotes(codec, notes);
  let position = 0;
  return {
    tick(_received, outgoing) {
      const rest = samples.subarray(position, position + frameSamples);
      outgoing.fill(codec.silence);
      outgoing.set(rest);
      position += rest.length;
      return true;
    },
  };
}

function encodeNotes(codec: Codec, notes: readonly Note[]): Uint8Array {
  const peak = codec.sinePeakAt0Dbm0 * level;
  const samples: number[] = [];
  for (const { hz, ms } of notes) {
    const count = (ms * sampleRateHz) / 1000;
    for (let n = 0; n < count; n += 1) {
      const value = Math.round(peak * Math.sin((2 * Math.PI * hz * n) / sampleRateHz));
      samples.push(hz === 0 ? codec.silence : codec.encode(value));
    }
  }
  return Uint8Array.from(samples);
}
