/**
 * What a caller hears who dials a request: short notes that ask for digits or tell what became of
 * them, each followed by words where the voice has them, then silence. Two rising notes: done; three
 * low ones: refused; one middle note: extension; two: PIN.
 */
import type { Codec } from '../codecs/codec.ts';
import type { Voice, Word } from '../voices/voice.ts';
import { frameSamples, type Service, type ServiceFactory } from './service.ts';

interface Note {
  /** 0: silence. */
  readonly hz: number;
  readonly ms: number;
}

/** Notes, or a word that is said if it is installed. */
type Part = readonly Note[] | Word;

const sampleRateHz = 8000;
/** Of 0 dBm0: about −12, as loud as speech. */
const level = 0.25;

/** Before the first note: the phone may still open its audio. */
const pause: Note = { hz: 0, ms: 200 };
const done: readonly Note[] = [pause, { hz: 620, ms: 200 }, { hz: 930, ms: 400 }];
const refusedNote: Note = { hz: 425, ms: 200 };
const refused: readonly Note[] = [pause, ...[0, 1, 2].flatMap(() => [refusedNote, pause])];
const askNote: Note = { hz: 750, ms: 250 };
const askExtension: readonly Note[] = [pause, askNote, pause];
const askPin: readonly Note[] = [pause, askNote, pause, askNote, pause];

export const createSilence = promptFactory([]);
export const createDoneTone = promptFactory([done, 'thank-you']);
export const createRefusedTone = promptFactory([refused]);
export const createLoginRefused = promptFactory([refused, 'incorrect']);
export const createAskExtension = promptFactory([askExtension, 'extension']);
export const createAskPin = promptFactory([askPin, 'pin']);
export const createAskExtensionAgain = promptFactory([
  refused,
  'incorrect',
  askExtension,
  'extension',
]);

function promptFactory(parts: readonly Part[]): ServiceFactory {
  /** Encoded once per codec and voice. */
  const encoded = new WeakMap<Voice, Map<Codec, Uint8Array>>();
  return (codec, voice) => {
    const ofVoice = encoded.get(voice) ?? new Map<Codec, Uint8Array>();
    encoded.set(voice, ofVoice);
    let samples = ofVoice.get(codec);
    if (samples === undefined) {
      samples = Uint8Array.from(parts.flatMap((part) => encodePart(part, codec, voice)));
      ofVoice.set(codec, samples);
    }
    return play(samples, codec.silence);
  };
}

function play(samples: Uint8Array, silence: number): Service {
  let position = 0;
  return {
    tick(_received, outgoing) {
      const rest = samples.subarray(position, position + frameSamples);
      outgoing.fill(silence);
      outgoing.set(rest);
      position += rest.length;
      return true;
    },
  };
}

function encodePart(part: Part, codec: Codec, voice: Voice): readonly number[] {
  return typeof part === 'string'
    ? Array.from(voice.get(part) ?? [], (sample) => codec.encode(sample))
    : encodeNotes(part, codec);
}

function encodeNotes(notes: readonly Note[], codec: Codec): readonly number[] {
  const peak = codec.sinePeakAt0Dbm0 * level;
  const samples: number[] = [];
  for (const { hz, ms } of notes) {
    const count = (ms * sampleRateHz) / 1000;
    for (let n = 0; n < count; n += 1) {
      const value = Math.round(peak * Math.sin((2 * Math.PI * hz * n) / sampleRateHz));
      samples.push(hz === 0 ? codec.silence : codec.encode(value));
    }
  }
  return samples;
}
