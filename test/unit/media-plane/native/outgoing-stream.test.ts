import { describe, expect, it } from 'vitest';

import { mediaRules } from '../../../support/media-plane/media-rules.ts';

class Stream {
  readonly #stream = mediaRules.createOutgoingStream();
  readonly #into = new Float64Array(4);

  rewrite(ssrc: number, sequence: number, timestamp: number, nowMs: number) {
    mediaRules.rewritePacket(this.#stream, this.#into, ssrc, sequence, timestamp, nowMs);
    const [marker, newSsrc, newSequence, newTimestamp] = this.#into;
    return { marker, ssrc: newSsrc, sequence: newSequence, timestamp: newTimestamp };
  }

  interrupt(what: 'source' | 'hold' | 'bye'): void {
    mediaRules.interruptStream(this.#stream, what);
  }
}

describe('the stream a phone gets', () => {
  it('passes the first source unchanged', () => {
    const stream = new Stream();

    expect(stream.rewrite(7, 65_535, 4_294_967_295, 0)).toEqual({
      marker: 0,
      ssrc: 7,
      sequence: 65_535,
      timestamp: 4_294_967_295,
    });
    expect(stream.rewrite(7, 0, 159, 20)).toMatchObject({ sequence: 0, timestamp: 159 });
  });

  it('carries on SSRC, sequence number and time when another source takes over', () => {
    const stream = new Stream();
    stream.rewrite(7, 100, 16_000, 0);

    expect(stream.rewrite(9, 5, 777, 500)).toEqual({
      marker: 1,
      ssrc: 7,
      sequence: 101,
      timestamp: 16_000 + 4000,
    });
    expect(stream.rewrite(9, 6, 937, 520)).toEqual({
      marker: 0,
      ssrc: 7,
      sequence: 102,
      timestamp: 16_000 + 4160,
    });
  });

  it('keeps the order and the gaps of the new source', () => {
    const stream = new Stream();
    stream.rewrite(7, 100, 0, 0);
    stream.rewrite(9, 5, 0, 20);

    expect(stream.rewrite(9, 8, 480, 80)).toMatchObject({ sequence: 104 });
    expect(stream.rewrite(9, 7, 320, 81)).toMatchObject({ sequence: 103, marker: 0 });
  });

  it('resumes after a change even to the same source', () => {
    const stream = new Stream();
    stream.rewrite(7, 100, 0, 0);
    stream.interrupt('source');

    expect(stream.rewrite(7, 40_000, 99, 20)).toMatchObject({ sequence: 101, timestamp: 160 });
  });

  it('does not let packets withheld during hold look lost', () => {
    const stream = new Stream();
    stream.rewrite(7, 100, 16_000, 0);
    stream.interrupt('hold');

    expect(stream.rewrite(7, 150, 24_000, 1000)).toEqual({
      marker: 1,
      ssrc: 7,
      sequence: 101,
      timestamp: 24_000,
    });
  });

  it('begins a stream of its own after BYE', () => {
    const stream = new Stream();
    stream.rewrite(7, 100, 0, 0);
    stream.interrupt('bye');

    expect(stream.rewrite(9, 5, 777, 20)).toEqual({
      marker: 0,
      ssrc: 9,
      sequence: 5,
      timestamp: 777,
    });
  });
});
