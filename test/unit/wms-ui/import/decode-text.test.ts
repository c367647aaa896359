import { expect, it } from 'vitest';
import { decodeText } from '../../../../wms-ui/src/lib/import/decode-text.ts';

const bytesOf = (...bytes: number[]): ArrayBuffer => Uint8Array.from(bytes).buffer;

it.each([
  { from: 'UTF-8', bytes: bytesOf(0x4e, 0x69, 0x63, 0x6f, 0x6c, 0xc3, 0xb2) },
  {
    from: 'UTF-8 with a byte order mark',
    bytes: bytesOf(0xef, 0xbb, 0xbf, 0x4e, 0x69, 0x63, 0x6f, 0x6c, 0xc3, 0xb2),
  },
  {
    from: 'Windows-1252, as spreadsheets write it',
    bytes: bytesOf(0x4e, 0x69, 0x63, 0x6f, 0x6c, 0xf2),
  },
])('reads the letters of a file in $from', ({ bytes }) => {
  expect(decodeText(bytes)).toBe('Nicolò');
});
