/**
 * The tokens in addresses that redirection services hand out: each for one device, good for days, because
 * nobody knows when the device is unpacked. Only hashes are kept. The first fetch with its own token
 * makes a device's one worthless.
 */
import type { Clock } from '../../foundation/clock.ts';
import { hashToken } from '../device-accounts/device-credentials.ts';

interface IssuedToken {
  readonly hash: string;
  readonly service: string;
  readonly untilMs: number;
}

export class RedirectionTokens {
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #macs = new Map<string, string>();
  readonly #issued = new Map<string, IssuedToken[]>();
  /** Told when the tokens of a device are worth nothing any more. */
  onRevoke: ((mac: string) => void) | undefined;

  constructor(clock: Pick<Clock, 'wallMs'>) {
    this.#clock = clock;
  }

  /** Replaces what the device had from the same service. */
  add(mac: string, service: string, hash: string, untilMs: number): void {
    this.#drop(mac, (token) => token.service === service);
    this.#macs.set(hash, mac);
    this.#issued.set(mac, [...(this.#issued.get(mac) ?? []), { hash, service, untilMs }]);
  }

  find(token: string): string | undefined {
    if (this.#macs.size === 0) {
      return undefined;
    }
    const hash = hashToken(token);
    const mac = this.#macs.get(hash);
    const found = this.#issued.get(mac ?? '')?.find((issued) => issued.hash === hash);
    return found !== undefined && found.untilMs > this.#clock.wallMs() ? mac : undefined;
  }

  revoke(mac: string): void {
    if (this.#issued.has(mac)) {
      this.#drop(mac, () => true);
      this.onRevoke?.(mac);
    }
  }

  #drop(mac: string, isDropped: (token: IssuedToken) => boolean): void {
    const tokens = this.#issued.get(mac) ?? [];
    for (const { hash } of tokens.filter(isDropped)) {
      this.#macs.delete(hash);
    }
    const kept = tokens.filter((token) => !isDropped(token));
    if (kept.length === 0) {
      this.#issued.delete(mac);
    } else {
      this.#issued.set(mac, kept);
    }
  }
}
