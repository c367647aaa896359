import { describe, expect, it } from 'vitest';

import {
  codecNumbers,
  ServiceExchange,
  toServiceNumber,
} from '../../../system/media-plane/service-exchange.ts';
import { ServiceRunner } from '../../../system/media-plane/service-runner.ts';
import { noVoices } from '../../../system/media-plane/voices/voice.ts';

/** The exchange as the packet thread would fill it. */
class Memory {
  readonly buffer = new ArrayBuffer(64 + 4 * 352);
  readonly #view = new DataView(this.buffer);

  fill(index: number, generation: number, service: number, received?: Uint8Array): void {
    const start = 64 + index * 352;
    const fields = [generation, service, codecNumbers.PCMU, received === undefined ? 0 : 160, 0];
    fields.forEach((value, n) => {
      this.#view.setInt32(start + 4 * n, value, true);
    });
    new Uint8Array(this.buffer).set(received ?? [], start + 32);
    this.#view.setInt32(0, Math.max(this.#view.getInt32(0, true), index + 1), true);
  }

  /** What is to be sent; undefined for nothing. */
  outgoing(index: number): Uint8Array | undefined {
    const start = 64 + index * 352;
    return this.#view.getInt32(start + 16, true) === 0
      ? undefined
      : new Uint8Array(this.buffer.slice(start + 192, start + 352));
  }
}

function createRunner(memory: Memory): ServiceRunner {
  return new ServiceRunner(new ServiceExchange(memory.buffer), noVoices, (error) => {
    throw error;
  });
}

const voice = Uint8Array.from({ length: 160 }, (_, n) => n);

describe('the batch of a tick', () => {
  it('runs each record with its own service and leaves empty and unknown ones silent', () => {
    const memory = new Memory();
    const runner = createRunner(memory);
    memory.fill(0, 1, toServiceNumber('echo', 'en'), voice);
    memory.fill(1, 0, toServiceNumber('echo', 'en'), voice);
    memory.fill(2, 2, 99, voice);
    memory.fill(3, 3, toServiceNumber('milliwatt', 'en'));

    runner.tick();

    expect(memory.outgoing(0)).toEqual(voice);
    expect(memory.outgoing(1)).toBeUndefined();
    expect(memory.outgoing(2)).toBeUndefined();
    expect(memory.outgoing(3)?.[0]).toBe(0xff);
    expect(memory.outgoing(3)?.[1]).not.toBe(0xff);
  });

  it('goes on with a service from tick to tick and begins anew for another endpoint', () => {
    const memory = new Memory();
    const runner = createRunner(memory);
    const tickAs = (generation: number) => {
      memory.fill(0, generation, toServiceNumber('milliwatt', 'en'));
      runner.tick();
      return memory.outgoing(0);
    };

    const first = tickAs(1);
    const second = tickAs(1);
    const other = tickAs(2);

    expect(second).not.toEqual(first);
    expect(other).toEqual(first);
  });
});
