/**
 * The short-lived tokens of first contacts: each is for one device and says nothing about it. In
 * memory only: after a restart the device asks again.
 */
import type { Clock } from '../../../foundation/clock.ts';
import { createToken } from '../../device-accounts/device-credentials.ts';

interface TemporaryToken {
  readonly mac: string;
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Tokens for first contacts that were given away for days. */
export interface LastingTokens {
  find(token: string): string | undefined;
  revoke(mac: string): void;
}

const lifetimeMs = 3_600_000;
/** The oldest goes beyond this. */
const maximumTokens = 20_000;

export class TemporaryTokens {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #lasting: LastingTokens | undefined;
  readonly #byToken = new Map<string, TemporaryToken>();
  readonly #byMac = new Map<string, TemporaryToken>();

  constructor(clock: Pick<Clock, 'nowMs'>, lasting?: LastingTokens) {
    this.#clock = clock;
    this.#lasting = lasting;
  }

  /** The one that the device has already, while it is good for some time still. */
  issue(mac: string): string {
    const nowMs = this.#clock.nowMs();
    const present = this.#byMac.get(mac);
    if (present !== undefined && present.expiresAtMs - nowMs > lifetimeMs / 2) {
      return present.token;
    }
    const issued = { mac, token: createToken().reveal(), expiresAtMs: nowMs + lifetimeMs };
    const [oldest] = this.#byToken.values();
    if (this.#byToken.size >= maximumTokens && oldest !== undefined) {
      this.#forget(oldest);
    }
    this.#byToken.set(issued.token, issued);
    this.#byMac.set(mac, issued);
    return issued.token;
  }

  /** The device that it was issued to. */
  find(token: string): string | undefined {
    const found = this.#byToken.get(token);
    if (found !== undefined && found.expiresAtMs <= this.#clock.nowMs()) {
      this.#forget(found);
      return undefined;
    }
    return found?.mac ?? this.#lasting?.find(token);
  }

  /** The device has its own token now. */
  revoke(mac: string): void {
    this.#lasting?.revoke(mac);
    if (!this.#byMac.has(mac)) {
      return;
    }
    for (const issued of this.#byToken.values()) {
      if (issued.mac === mac) {
        this.#forget(issued);
      }
    }
  }

  #forget(issued: TemporaryToken): void {
    this.#byToken.delete(issued.token);
    if (this.#byMac.get(issued.mac) === issued) {
      this.#byMac.delete(issued.mac);
    }
  }
}
