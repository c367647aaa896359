/**
 * Many timers of few durations in one place. Transactions use about ten durations, so timers of one
 * duration expire in the order in which they were started: each duration is a linked list with one
 * clock timer for its head. Starting and stopping are a few pointer writes; 100,000 transactions
 * that wait 32 s cost one clock timer.
 */
import type { Clock, Timer } from '../../../foundation/clock.ts';

/**
 * After a list has run, it sleeps at least this long, so that dense expiries share one wake-up.
 * Timers are late by at most this much, never early.
 */
const restMs = 10;

export interface TimerTarget<Name extends string> {
  handleTimer(name: Name): void;
}

export class QueuedTimer<Name extends string> {
  readonly name: Name;
  readonly target: TimerTarget<Name>;
  readonly dueMs: number;
  /** Undefined once the timer has fired or was cancelled. */
  lane: Lane<Name> | undefined;
  previous: QueuedTimer<Name> | undefined;
  next: QueuedTimer<Name> | undefined;

  constructor(name: Name, target: TimerTarget<Name>, dueMs: number, lane: Lane<Name>) {
    this.name = name;
    this.target = target;
    this.dueMs = dueMs;
    this.lane = lane;
  }

  /** Idempotent; cancelling a timer that has fired does nothing. */
  cancel(): void {
    this.lane?.remove(this);
  }
}

/** The timers of one duration. */
class Lane<Name extends string> {
  readonly #clock: Clock;
  readonly #durationMs: number;
  #first: QueuedTimer<Name> | undefined;
  #last: QueuedTimer<Name> | undefined;
  #wakeUp: Timer | undefined;
  readonly #run = (): void => {
    try {
      this.#fireDue();
    } finally {
      this.#wakeUp = undefined;
      if (this.#first !== undefined) {
        const delayMs = Math.max(restMs, this.#first.dueMs - this.#clock.nowMs());
        this.#wakeUp = this.#clock.schedule(delayMs, this.#run);
      }
    }
  };

  constructor(clock: Clock, durationMs: number) {
    this.#clock = clock;
    this.#durationMs = durationMs;
  }

  append(name: Name, target: TimerTarget<Name>): QueuedTimer<Name> {
    const timer = new QueuedTimer(name, target, this.#clock.nowMs() + this.#durationMs, this);
    timer.previous = this.#last;
    if (this.#last === undefined) {
      this.#first = timer;
    } else {
      this.#last.next = timer;
    }
    this.#last = timer;
    // While the list runs, the wake-up that has come still stands: the next one is for the head.
    this.#wakeUp ??= this.#clock.schedule(this.#durationMs, this.#run);
    return timer;
  }

  remove(timer: QueuedTimer<Name>): void {
    timer.lane = undefined;
    if (timer.previous === undefined) {
      this.#first = timer.next;
    } else {
      timer.previous.next = timer.next;
    }
    if (timer.next === undefined) {
      this.#last = timer.previous;
    } else {
      timer.next.previous = timer.previous;
    }
    timer.previous = undefined;
    timer.next = undefined;
  }

  close(): void {
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
    while (this.#first !== undefined) {
      this.remove(this.#first);
    }
  }

  #fireDue(): void {
    const nowMs = this.#clock.nowMs();
    while (this.#first !== undefined && this.#first.dueMs <= nowMs) {
      const timer = this.#first;
      this.remove(timer);
      timer.target.handleTimer(timer.name);
    }
  }
}

/** `handleTimer` must not throw: the timers behind it in the list would be late. */
export class TimerQueue<Name extends string> {
  readonly #clock: Clock;
  readonly #lanes = new Map<number, Lane<Name>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(durationMs: number, name: Name, target: TimerTarget<Name>): QueuedTimer<Name> {
    let lane = this.#lanes.get(durationMs);
    if (lane === undefined) {
      lane = new Lane(this.#clock, durationMs);
      this.#lanes.set(durationMs, lane);
    }
    return lane.append(name, target);
  }

  /** Cancels every timer. */
  close(): void {
    for (const lane of this.#lanes.values()) {
      lane.close();
    }
  }
}
