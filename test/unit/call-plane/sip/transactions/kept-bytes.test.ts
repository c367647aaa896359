import { expect, test } from 'vitest';
import { KeptBytes } from '../../../../../system/call-plane/sip/transactions/kept-bytes.ts';

test('keeps a copy of what it is given, whatever becomes of the original', () => {
  const kept = new KeptBytes();
  const originals = Array.from({ length: 300 }, (_, index) => Buffer.alloc(1 + index * 40, index));
  const copies = originals.map((original) => kept.keep(original));
  for (const [index, original] of originals.entries()) {
    original.fill(255);
    expect(copies[index]?.equals(Buffer.alloc(1 + index * 40, index))).toBe(true);
  }
});

test('shares memory among the kept, never with buffers that come and go', () => {
  const kept = new KeptBytes();
  const [first, second] = [kept.keep(Buffer.from('first')), kept.keep(Buffer.from('second'))];
  expect(first.buffer).toBe(second.buffer);
  expect(first.buffer).not.toBe(Buffer.from('passing').buffer);
});
