/** How long each step of a start took: the restart of the web part has a budget of a second. */
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';

export class StartPhases {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #logger: Logger;
  readonly #beganAtMs: number;
  #lastMs: number;
  readonly #durationsMs: Record<string, number> = {};

  constructor(clock: Pick<Clock, 'nowMs'>, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
    this.#beganAtMs = clock.nowMs();
    this.#lastMs = this.#beganAtMs;
  }

  /** The step that just ended. */
  note(name: string): void {
    const nowMs = this.#clock.nowMs();
    this.#durationsMs[name] = Math.round(nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }

  report(): void {
    this.#logger.debug('The management plane is up', {
      totalMs: Math.round(this.#lastMs - this.#beganAtMs),
      phasesMs: this.#durationsMs,
    });
  }
}
