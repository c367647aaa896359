/**
 * Who searches when: one search at a time, sources in turn, and after a long one a rest that is longer
 * still. A phone that asks for the hardest filters without end costs a quarter of the time of everything
 * else that runs here, and others wait for one of its searches, not for all.
 */
import type { Clock } from '../../system/foundation/clock.ts';

/** Shorter searches need no rest: those of phones are. */
const shortMs = 20;
/** Of the time that the search took. */
const restFactor = 3;
const longestRestMs = 3_000;

export class SearchTurns {
  readonly #clock: Pick<Clock, 'nowMs' | 'schedule'>;
  /** The end of the last turn of each source. */
  readonly #bySource = new Map<string, Promise<void>>();
  /** The end of the last rest. */
  #rest: Promise<void> = Promise.resolve();

  constructor(clock: Pick<Clock, 'nowMs' | 'schedule'>) {
    this.#clock = clock;
  }

  /** Rejects with what the search rejects with. */
  async run<T>(source: string, search: () => Promise<T>): Promise<T> {
    const before = this.#bySource.get(source);
    const own = Promise.withResolvers<undefined>();
    this.#bySource.set(source, own.promise);
    await before;
    try {
      return await this.#runAlone(search);
    } finally {
      if (this.#bySource.get(source) === own.promise) {
        this.#bySource.delete(source);
      }
      own.resolve(undefined);
    }
  }

  async #runAlone<T>(search: () => Promise<T>): Promise<T> {
    const before = this.#rest;
    const rest = Promise.withResolvers<undefined>();
    this.#rest = rest.promise;
    await before;
    const startedMs = this.#clock.nowMs();
    try {
      return await search();
    } finally {
      const tookMs = this.#clock.nowMs() - startedMs;
      if (tookMs <= shortMs) {
        rest.resolve(undefined);
      } else {
        this.#clock.schedule(Math.min(longestRestMs, restFactor * tookMs), () => {
          rest.resolve(undefined);
        });
      }
    }
  }
}
