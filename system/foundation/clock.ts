/**
 * Time as it comes into pure code. Production uses `systemClock`, tests a fake one, so that no
 * protocol module calls `setTimeout` or reads `Date` itself.
 */

/** A scheduled call that has not happened yet. */
export interface Timer {
  /** Idempotent; cancelling a timer that has fired does nothing. */
  cancel(): void;
}

export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  nowMs(): number;
  /** Milliseconds since 1970 UTC. Only for records, expiry and certificates: it may jump. */
  wallMs(): number;
  /** Runs `task` once, after at least `delayMs`. A pending timer does not keep the process alive. */
  schedule(delayMs: number, task: () => void): Timer;
}

class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout;

  constructor(delayMs: number, task: () => void) {
    this.#handle = setTimeout(task, delayMs);
    this.#handle.unref();
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  schedule: (delayMs, task) => new SystemTimer(delayMs, task),
};
