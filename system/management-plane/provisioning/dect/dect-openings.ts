/**
 * Which DECT systems take new handsets now, and until when. Known at run time only: after a restart
 * all are closed.
 */
import type { Clock, Timer } from '../../../foundation/clock.ts';

export interface Opening {
  readonly fromMs: number;
  readonly untilMs: number;
}

export class DectOpenings {
  readonly #clock: Clock;
  readonly #openings = new Map<string, { readonly opening: Opening; readonly timer: Timer }>();
  /** Told when the time of a system is over, not when it was closed before. */
  onEnd: (system: string) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(system: string, minutes: number): Opening {
    this.close(system);
    const durationMs = minutes * 60_000;
    const fromMs = this.#clock.wallMs();
    const opening = { fromMs, untilMs: fromMs + durationMs };
    const timer = this.#clock.schedule(durationMs, () => {
      this.#openings.delete(system);
      this.onEnd(system);
    });
    this.#openings.set(system, { opening, timer });
    return opening;
  }

  /** Whether it was open. */
  close(system: string): boolean {
    this.#openings.get(system)?.timer.cancel();
    return this.#openings.delete(system);
  }

  find(system: string): Opening | undefined {
    return this.#openings.get(system)?.opening;
  }

  closeAll(): void {
    for (const system of [...this.#openings.keys()]) {
      this.close(system);
    }
  }
}
