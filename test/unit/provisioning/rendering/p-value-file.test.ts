import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePValues } from '../../../../provisioning/rendering/p-value-file.ts';
import { createDevice, render } from '../../../support/provisioning/complete-device.ts';
import { decodePValues } from '../../../support/provisioning/p-value-decoder.ts';

test('the binary form is the one that is published, byte by byte', () => {
  // 16 bytes of head, 16 of parameters and key: 16 words, 0x0010.
  const file = encodePValues('P8=0\n', '000b82aabb03');
  expect(file.toString('hex')).toBe(
    '00000010' +
      '4f09' +
      '000b82aabb03' +
      '0d0a0d0a' +
      Buffer.from('P8=0&gnkey=0b82\0').toString('hex'),
  );
});

test('[DEV-069] whatever a value holds, a decoder of its own finds head, checksum and values intact', () => {
  const name = fc.integer({ min: 1, max: 9_999 }).map((number) => `P${String(number)}`);
  const value = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .map((text) => text.toWellFormed().replace(/[\n\r\u2028\u2029]/g, ''));
  const mac = fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((bytes) => Buffer.from(bytes).toString('hex'));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 60 }), mac, (parameters, device) => {
      const text = parameters.map(([key, word]) => `${key}=${word}\n`).join('');
      expect(decodePValues(encodePValues(text, device))).toEqual({ mac: device, parameters });
    }),
  );
});

test('what does not assign a value is left out', () => {
  const file = encodePValues('P1=a\n# P2=b\n\n&P3=c\nP4\nP5==&\n', '000b82aabb03');
  expect(decodePValues(file).parameters).toEqual([
    ['P1', 'a'],
    ['P5', '=&'],
  ]);
});

test('a custom line reaches the device in the place of the generated one', () => {
  const device = createDevice('grandstream', 'HT286', {
    mac: '000b82aabb03',
    customLines: [
      { key: 'P85', value: '9 & more' },
      { key: 'P200', value: '1' },
    ],
  });
  const { parameters } = decodePValues(render(device, 'binary').bytes);
  expect(parameters.filter(([name]) => name === 'P85')).toEqual([['P85', '9 & more']]);
  expect(parameters.at(-1)).toEqual(['P200', '1']);
});
