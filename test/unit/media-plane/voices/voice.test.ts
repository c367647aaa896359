import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pcmu } from '../../../../system/media-plane/codecs/pcmu.ts';
import { createAskPin } from '../../../../system/media-plane/services/prompt.ts';
import { readWav } from '../../../../system/media-plane/voices/read-wav.ts';
import { loadVoices, noVoices, type Voice } from '../../../../system/media-plane/voices/voice.ts';
import { secondsOfTone } from '../../../support/media-plane/hearing.ts';
import { writeTone } from '../../../support/media-plane/tone.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'campanile-voices-'));
  mkdirSync(join(folder, 'it_IT_m_Carlo'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What five seconds of a prompt sound like. */
function listen(voice: Voice) {
  const service = createAskPin(pcmu, voice);
  const outgoing = new Uint8Array(160);
  const samples = Array.from({ length: 250 }, () => {
    expect(service.tick(undefined, outgoing)).toBe(true);
    return Array.from(outgoing, (code) => pcmu.decode(code));
  }).flat();
  return { sampleRateHz: 8000, samples: Int16Array.from(samples) };
}

test('a word that is installed follows the notes, in its language alone', () => {
  writeTone(join(folder, 'it_IT_m_Carlo/vm-password.wav'), 1_200, 1);

  const voices = loadVoices(folder);

  expect(voices.en).toEqual(noVoices.en);
  const [italian, english] = [listen(voices.it), listen(voices.en)];
  expect(secondsOfTone(italian, 750)).toBeCloseTo(0.5);
  expect(secondsOfTone(italian, 1_200)).toBeCloseTo(1, 0);
  expect(secondsOfTone(english, 750)).toBeCloseTo(0.5);
  expect(secondsOfTone(english, 1_200)).toBe(0);
});

test.each([
  ['what is no sound', () => Buffer.from('#!/bin/sh\n')],
  ['what is longer than any word', () => Buffer.alloc(1_000_000)],
])('%s is no word', (_what, bytes) => {
  writeFileSync(join(folder, 'it_IT_m_Carlo/vm-password.wav'), bytes());
  mkdirSync(join(folder, 'it_IT_m_Carlo/vm-extension.wav'));

  expect(loadVoices(folder)).toEqual(noVoices);
});

test.each([
  ['another rate', 24, 16_000],
  ['two channels', 22, 2],
  ['a compressed format', 20, 6],
])('a WAV file of %s is no telephone sound', (_what, offset, value) => {
  const bytes = Buffer.alloc(60);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write('WAVEfmt ', 8, 'latin1');
  for (const [at, field] of [
    [16, 16],
    [20, 1],
    [22, 1],
    [24, 8_000],
    [34, 16],
    [40, 16],
  ] as const) {
    bytes.writeUInt16LE(field, at);
  }
  bytes.write('data', 36, 'latin1');
  expect(readWav(bytes)).toHaveLength(8);

  bytes.writeUInt16LE(value, offset);
  expect(readWav(bytes)).toBeUndefined();
});

test('no file makes the reader fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
      const head = Buffer.from('RIFF....WAVE', 'latin1');
      expect(() => readWav(Buffer.concat([head, tail]))).not.toThrow();
    }),
  );
});
