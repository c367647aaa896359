/**
 * The session timer of one dialog (RFC 4028): negotiates with every INVITE and UPDATE, keeps the
 * time, refreshes when it is our turn and reports expiry. The rules are in `session-timer.ts`.
 */
import type { Clock, Timer } from '../../../foundation/clock.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { HeaderLines } from '../messages/header-fields.ts';
import {
  expiryDelayMs,
  intervalAfter422,
  negotiateAsUas,
  refreshDelayMs,
  type SessionTimer,
  sessionTimerRequestHeaders,
  smallestIntervalSec,
  timerFromResponse,
} from './session-timer.ts';

export interface SessionRefreshUser {
  /** Half of the interval is over and we are the refresher. */
  refreshSession(): void;
  /** Nobody refreshed: the peer is gone. */
  sessionExpired(): void;
}

export class SessionRefresh {
  readonly #clock: Clock;
  readonly #preferredIntervalSec: number;
  readonly #user: SessionRefreshUser;
  #minIntervalSec = smallestIntervalSec;
  #timer: SessionTimer | undefined;
  #expiresAtMs = 0;
  #pending: Timer | undefined;
  #isStopped = false;

  /** `preferredIntervalSec`: 0 when we ask for no timer. */
  constructor(clock: Clock, preferredIntervalSec: number, user: SessionRefreshUser) {
    this.#clock = clock;
    this.#preferredIntervalSec = preferredIntervalSec;
    this.#user = user;
  }

  /** As UAS: the header fields of a 2xx to this request; the interval starts anew. */
  answer(request: SipRequest): HeaderLines {
    const negotiation = negotiateAsUas(request.headers, this.#preferredIntervalSec);
    if (negotiation.kind === 'agreed') {
      this.arm(negotiation.timer);
      return negotiation.headers;
    }
    this.arm(undefined);
    return [];
  }

  /** As UAS: the Min-SE of the 422 that this request has to get. */
  findTooSmall(request: SipRequest): number | undefined {
    const negotiation = negotiateAsUas(request.headers, this.#preferredIntervalSec);
    return negotiation.kind === 'too-small' ? negotiation.minSec : undefined;
  }

  /** As UAC: the header fields of a request. */
  requestHeaders(): HeaderLines {
    return sessionTimerRequestHeaders(this.#requestedSec, this.#minIntervalSec, this.#timer);
  }

  /** As UAC: a 2xx came; the interval starts anew. */
  take(response: SipResponse): void {
    this.arm(timerFromResponse(response.headers, this.#requestedSec));
  }

  /** As UAC: a 422 came; whether to try again with the larger interval it asks for. */
  enlarge(response: SipResponse): boolean {
    const intervalSec = intervalAfter422(response.headers, this.#requestedSec);
    if (intervalSec === undefined) {
      return false;
    }
    this.#minIntervalSec = intervalSec;
    return true;
  }

  /** Starts the interval of what was agreed; undefined: the session has no timer. */
  arm(timer: SessionTimer | undefined): void {
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#timer = timer;
    if (timer === undefined || this.#isStopped) {
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

  /** For good: the dialog is over. */
  stop(): void {
    this.#isStopped = true;
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#timer = undefined;
  }

  get #requestedSec(): number {
    const wishedSec = this.#timer?.intervalSec ?? this.#preferredIntervalSec;
    return wishedSec === 0 ? 0 : Math.max(wishedSec, this.#minIntervalSec);
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
