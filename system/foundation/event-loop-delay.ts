/**
 * How late a thread's event loop comes to its work: what a phone or browser waits besides its own
 * work. Sampled seldom enough to cost nothing at rest, as each sample wakes the thread.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const sampleMs = 100;
const nanosecondsPerMs = 1e6;

export class EventLoopDelay {
  readonly #samples = monitorEventLoopDelay({ resolution: sampleMs });

  start(): void {
    this.#samples.enable();
  }

  stop(): void {
    this.#samples.disable();
  }

  /** Forgets the samples so far. */
  reset(): void {
    this.#samples.reset();
  }

  /** 99 of 100 samples were late by no more than this, in whole milliseconds. */
  get p99Ms(): number {
    // Node records the time between samples, which includes the pause that was asked for.
    return Math.max(0, Math.round(this.#samples.percentile(99) / nanosecondsPerMs - sampleMs));
  }
}
