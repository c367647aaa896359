/** A clock that moves only when the test says so. Tasks run in order of time, then of scheduling. */
import type { Clock, Timer } from '../../system/foundation/clock.ts';

interface Task {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class FakeClock implements Clock {
  #nowMs: number;
  readonly #wallOffsetMs: number;
  #order = 0;
  readonly #tasks = new Set<Task>();

  /** `wallStartMs`: what the wall shows at the beginning; any fixed date will do. */
  constructor(wallStartMs = Date.UTC(2026, 0, 1), startMs = 1_000) {
    this.#nowMs = startMs;
    this.#wallOffsetMs = wallStartMs - startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs;
  }

  schedule(delayMs: number, run: () => void): Timer {
    this.#order += 1;
    const task: Task = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order, run };
    this.#tasks.add(task);
    return {
      cancel: () => {
        this.#tasks.delete(task);
      },
    };
  }

  /** How many tasks wait: a test of "no timer is left behind" looks at this. */
  get pendingCount(): number {
    return this.#tasks.size;
  }

  /** Moves time on, running everything that falls due on the way at its own moment. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      const task = this.#nextDue(endMs);
      if (task === undefined) {
        break;
      }
      this.#tasks.delete(task);
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      task.run();
    }
    this.#nowMs = endMs;
  }

  #nextDue(endMs: number): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) {
      if (task.atMs > endMs) {
        continue;
      }
      if (
        next === undefined ||
        task.atMs < next.atMs ||
        (task.atMs === next.atMs && task.order < next.order)
      ) {
        next = task;
      }
    }
    return next;
  }
}
