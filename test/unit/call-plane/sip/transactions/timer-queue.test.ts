import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { TimerQueue } from '../../../../../system/call-plane/sip/transactions/timer-queue.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

describe('timer queue', () => {
  let clock: FakeClock;
  let queue: TimerQueue<string>;
  let fired: string[];
  const target = { handleTimer: (name: string): void => void fired.push(name) };

  beforeEach(() => {
    clock = new FakeClock();
    queue = new TimerQueue(clock);
    fired = [];
  });

  it('fires a lone timer exactly when it is due', () => {
    queue.start(500, 'a', target);
    clock.advance(499);
    expect(fired).toEqual([]);
    clock.advance(1);
    expect(fired).toEqual(['a']);
  });

  it('needs one clock timer for any number of timers of one duration', () => {
    for (let index = 0; index < 1_000; index++) {
      queue.start(32_000, 'j', target);
      clock.advance(1);
    }
    expect(clock.pendingCount).toBe(1);
    clock.advance(32_000);
    expect(fired).toHaveLength(1_000);
    expect(clock.pendingCount).toBe(0);
  });

  it('fires those behind a timer that starts another of its own duration in time', () => {
    const restarting = { handleTimer: (): void => void queue.start(32_000, 'later', target) };
    queue.start(32_000, 'x', restarting);
    clock.advance(50);
    queue.start(32_000, 'behind', target);
    clock.advance(31_950);
    clock.advance(50);
    expect(fired).toEqual(['behind']);
    clock.advance(31_950);
    expect(fired).toEqual(['behind', 'later']);
  });

  it('does not fire a cancelled timer, wherever it stands in its list', () => {
    const timers = ['a', 'b', 'c', 'd'].map((name) => queue.start(100, name, target));
    for (const index of [0, 2, 2, 3]) {
      timers[index]?.cancel();
    }
    clock.advance(100);
    expect(fired).toEqual(['b']);
  });

  it('lets a timer start and cancel others of its own duration while it fires', () => {
    const restarting = {
      handleTimer: (): void => {
        fired.push('restarting');
        other.cancel();
        queue.start(100, 'later', target);
      },
    };
    queue.start(100, 'x', restarting);
    const other = queue.start(100, 'other', target);
    clock.advance(100);
    expect(fired).toEqual(['restarting']);
    clock.advance(100);
    expect(fired).toEqual(['restarting', 'later']);
  });

  it('fires nothing after close', () => {
    queue.start(100, 'a', target);
    queue.close();
    clock.advance(1_000);
    expect(fired).toEqual([]);
    expect(clock.pendingCount).toBe(0);
  });

  it('fires every timer once, never early and at most 10 ms late, unless it was cancelled', () => {
    const action = fc.record({
      durationMs: fc.constantFrom(200, 500, 1_000),
      waitMs: fc.integer({ min: 0, max: 300 }),
      isCancelled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const ownClock = new FakeClock();
        const ownQueue = new TimerQueue<string>(ownClock);
        const firedAtMs = new Map<string, number>();
        const record = {
          handleTimer: (name: string): void => {
            expect(firedAtMs.has(name)).toBe(false);
            firedAtMs.set(name, ownClock.nowMs());
          },
        };
        const started = actions.map(({ durationMs, waitMs, isCancelled }, index) => {
          const dueMs = ownClock.nowMs() + durationMs;
          const timer = ownQueue.start(durationMs, String(index), record);
          if (isCancelled) {
            timer.cancel();
          }
          ownClock.advance(waitMs);
          return { name: String(index), dueMs, isCancelled };
        });
        ownClock.advance(2_000);
        for (const { name, dueMs, isCancelled } of started) {
          const lateMs = (firedAtMs.get(name) ?? Number.NaN) - dueMs;
          expect(isCancelled ? !firedAtMs.has(name) : lateMs >= 0 && lateMs <= 10).toBe(true);
        }
      }),
    );
  });
});
