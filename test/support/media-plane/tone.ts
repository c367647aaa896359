/**
 * Finds tones in sound: how a test proves that audio sent at one end is heard at the other. Level by
 * the Goertzel algorithm relative to the whole signal, so volume does not matter.
 */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Sound {
  readonly sampleRateHz: number;
  /** -32768 to 32767, one channel. */
  readonly samples: Int16Array;
}

/** A WAV file of 16-bit PCM, as baresip and sox write them; its header may still claim length 0. */
export function readWav(path: string): Sound {
  const bytes = readFileSync(path);
  let offset = 12;
  let sampleRateHz = 8000;
  let channels = 1;
  while (offset + 8 <= bytes.length) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const size = bytes.readUInt32LE(offset + 4);
    if (name === 'fmt ') {
      channels = bytes.readUInt16LE(offset + 10);
      sampleRateHz = bytes.readUInt32LE(offset + 12);
    } else if (name === 'data') {
      // A program that is still writing has not filled in the size yet.
      const end = size === 0 ? bytes.length : Math.min(bytes.length, offset + 8 + size);
      const count = Math.floor((end - offset - 8) / 2 / channels);
      const start = offset + 8;
      return {
        sampleRateHz,
        samples: Int16Array.from({ length: count }, (_, i) =>
          bytes.readInt16LE(start + i * 2 * channels),
        ),
      };
    }
    offset += 8 + size + (size % 2);
  }
  return { sampleRateHz, samples: new Int16Array() };
}

/** Share of the signal's power that lies at the frequency, 0 to 1; 0 for silence. */
export function measureTone(sound: Sound, frequencyHz: number): number {
  const { samples, sampleRateHz } = sound;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let previous = 0;
  let beforePrevious = 0;
  let power = 0;
  for (const sample of samples) {
    const current = sample + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
    power += sample * sample;
  }
  const atFrequency =
    previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious;
  return power === 0 ? 0 : (2 * atFrequency) / (samples.length * power);
}

/** The last `seconds` of a sound. */
export function takeLast(sound: Sound, seconds: number): Sound {
  const count = Math.round(seconds * sound.sampleRateHz);
  return { ...sound, samples: sound.samples.slice(-count) };
}

/** Level of the whole sound in dBm0, given the peak value of a sine at 0 dBm0. */
export function measureLevelDbm0(samples: Int16Array, sinePeakAt0Dbm0: number): number {
  let power = 0;
  for (const sample of samples) {
    power += sample * sample;
  }
  const rms = Math.sqrt(power / samples.length);
  return 20 * Math.log10((rms * Math.SQRT2) / sinePeakAt0Dbm0);
}

/** Writes a WAV file with a sine at -12 dBFS: 8000 Hz, 16 bit, one channel. */
export function writeTone(path: string, frequencyHz: number, seconds: number): void {
  const sampleRateHz = 8000;
  const count = seconds * sampleRateHz;
  const bytes = Buffer.alloc(44 + count * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRateHz, 24);
  bytes.writeUInt32LE(sampleRateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index += 1) {
    const value = 8192 * Math.sin((2 * Math.PI * frequencyHz * index) / sampleRateHz);
    bytes.writeInt16LE(Math.round(value), 44 + index * 2);
  }
  writeFileSync(path, bytes);
}
