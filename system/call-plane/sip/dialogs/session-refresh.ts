/** Keeps the time of one session timer (RFC 4028 §10): refreshes when it is our turn, reports expiry. */
import type { Clock, Timer } from '../../../foundation/clock.ts';
import { expiryDelayMs, refreshDelayMs } from './session-timer.ts';
import type { SessionTimer } from './session-timer.ts';

export interface SessionRefreshUser {
  /** Half of the interval is over and we are the refresher. */
  refreshSession(): void;
  /** Nobody refreshed: the peer is gone. */
  sessionExpired(): void;
}

export class SessionRefresh {
  readonly #clock: Clock;
  readonly #user: SessionRefreshUser;
  #timer: SessionTimer | undefined;
  #expiresAtMs = 0;
  #pending: Timer | undefined;

  constructor(clock: Clock, user: SessionRefreshUser) {
    this.#clock = clock;
    this.#user = user;
  }

  /** What was agreed last; undefined when the session has no timer. */
  get timer(): SessionTimer | undefined {
    return this.#timer;
  }

  /** Starts the interval anew: a session refresh has succeeded. */
  arm(timer: SessionTimer | undefined): void {
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#timer = timer;
    if (timer === undefined) {
      return;
    }
    this.#expiresAtMs = this.#clock.nowMs() + expiryDelayMs(timer);
    if (timer.refresher === 'local') {
      this.#pending = this.#clock.schedule(refreshDelayMs(timer), () => {
        this.#refresh();
      });
    } else {
      this.#awaitExpiry();
    }
  }

  /** Tries the refresh again after `delayMs`, unless the session runs out before. */
  retry(delayMs: number): void {
    if (this.#timer === undefined || this.#clock.nowMs() + delayMs >= this.#expiresAtMs) {
      return;
    }
    this.#pending?.cancel();
    this.#pending = this.#clock.schedule(delayMs, () => {
      this.#refresh();
    });
  }

  stop(): void {
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#timer = undefined;
  }

  #refresh(): void {
    this.#awaitExpiry();
    this.#user.refreshSession();
  }

  #awaitExpiry(): void {
    const delayMs = Math.max(0, this.#expiresAtMs - this.#clock.nowMs());
    this.#pending = this.#clock.schedule(delayMs, () => {
      this.#pending = undefined;
      this.#timer = undefined;
      this.#user.sessionExpired();
    });
  }
}
