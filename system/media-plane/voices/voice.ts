/**
 * The words that services say, as recordings of Debian's packages `asterisk-core-sounds-<language>-wav`
 * (CC BY-SA 3.0). They are read from where those packages put them and are no part of this program:
 * what is not installed is not said, the tones that come with every word tell the same.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { VoiceLanguage } from '../media.ts';
import { readWav } from './read-wav.ts';

/** What is said; the file of the word in every voice. */
const files = {
  extension: 'vm-extension.wav',
  pin: 'vm-password.wav',
  incorrect: 'vm-incorrect.wav',
  'thank-you': 'auth-thankyou.wav',
} as const;
export type Word = keyof typeof files;

/** Samples at 8000 Hz; a word that is not installed is missing. */
export type Voice = ReadonlyMap<Word, Int16Array>;
export type Voices = Readonly<Record<VoiceLanguage, Voice>>;

/** Where the packages put their voices. */
export const installedVoices = '/usr/share/asterisk/sounds';
const folders: Readonly<Record<VoiceLanguage, string>> = {
  en: 'en_US_f_Allison',
  it: 'it_IT_m_Carlo',
};
/** 4 s; longer ones are not these words and would keep callers waiting. */
const maximumFileBytes = 64_000 + 1_024;

export const noVoices: Voices = { en: new Map(), it: new Map() };

/** Reads all words of all languages, some 100 kB, below a folder like `installedVoices`. Never throws. */
export function loadVoices(folder: string): Voices {
  return { en: loadVoice(join(folder, folders.en)), it: loadVoice(join(folder, folders.it)) };
}

function loadVoice(folder: string): Voice {
  const voice = new Map<Word, Int16Array>();
  for (const word of Object.keys(files) as Word[]) {
    const samples = readSound(join(folder, files[word]));
    if (samples !== undefined) {
      voice.set(word, samples);
    }
  }
  return voice;
}

function readSound(path: string): Int16Array | undefined {
  const buffer = Buffer.alloc(maximumFileBytes + 1);
  try {
    const file = openSync(path, 'r');
    try {
      const sizeBytes = readSync(file, buffer, 0, buffer.length, 0);
      return sizeBytes > maximumFileBytes ? undefined : readWav(buffer.subarray(0, sizeBytes));
    } finally {
      closeSync(file);
    }
  } catch {
    // Not installed, or not readable: the tone has to do.
    return undefined;
  }
}
