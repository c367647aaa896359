import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { BusError } from '../../../system/bus/bus-error.ts';
import { Bus } from '../../../system/bus/bus.ts';
import { systemClock } from '../../../system/foundation/clock.ts';
import { silentLogger } from '../../../system/foundation/logger.ts';

interface Requests {
  double: { request: number; reply: number };
  never: { request: null; reply: null };
}
interface Events {
  said: string;
}
type End = Bus<Requests, Requests, Events, Events>;

const open: End[] = [];

function connect(): { left: End; right: End } {
  const { port1, port2 } = new MessageChannel();
  const create = (port: typeof port1): End =>
    new Bus({ port, clock: systemClock, logger: silentLogger, gatherMs: 1 });
  const ends = { left: create(port1), right: create(port2) };
  open.push(ends.left, ends.right);
  return ends;
}

afterEach(() => {
  for (const end of open.splice(0)) {
    end.close();
  }
});

describe('the bus between two planes', () => {
  it('answers a request', async () => {
    const { left, right } = connect();
    right.handle('double', (value) => value * 2);
    expect(await left.request('double', 21)).toBe(42);
  });

  it('reports the failure of a handler with its code', async () => {
    const { left, right } = connect();
    right.handle('double', () => {
      throw Object.assign(new Error('too small'), { code: 'small' });
    });
    await expect(left.request('double', 1)).rejects.toMatchObject({
      code: 'remote',
      message: 'too small',
      details: { code: 'small' },
    });
  });

  it('gives up on an answer that does not come', async () => {
    const { left, right } = connect();
    right.handle('never', () => new Promise(() => undefined));
    await expect(left.request('never', null, 5)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('fails waiting requests when the other end closes', async () => {
    const { left, right } = connect();
    right.handle('never', () => new Promise(() => undefined));
    const waiting = left.request('never', null);
    right.close();
    await expect(waiting).rejects.toBeInstanceOf(BusError);
    await expect(left.request('double', 1)).rejects.toMatchObject({ code: 'closed' });
  });

  it('delivers events in order and before a request that was sent after them', async () => {
    const { left, right } = connect();
    const heard: string[] = [];
    right.on('said', (word) => heard.push(word));
    right.handle('double', (value) => {
      heard.push('request');
      return value;
    });
    left.emit('said', 'one');
    left.emit('said', 'two');
    await left.request('double', 1);
    expect(heard).toEqual(['one', 'two', 'request']);
  });

  it('drops the oldest events, and counts them, when the other end does not keep up', async () => {
    const { left, right } = connect();
    const heard: string[] = [];
    right.on('said', (word) => heard.push(word));
    // 32 batches may be unacknowledged; this thread does not turn its loop, so none is.
    for (let batch = 0; batch < 40; batch += 1) {
      left.emit('said', `batch ${String(batch)}`);
      void left.request('double', 1).catch(() => undefined);
    }
    for (let index = 0; index < 10_000; index += 1) {
      left.emit('said', `event ${String(index)}`);
    }
    expect(left.droppedEvents).toBe(8);
    right.handle('double', (value) => value);
    await expect.poll(() => heard.at(-1)).toBe('event 9999');
    expect(heard).not.toContain('batch 32');
  });
});
