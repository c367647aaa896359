/**
 * Refuses a nonce count that was seen before (RFC 7616 §3.4). Remembers only nonces in use, at most
 * a fixed number of them: when one has to be forgotten, all nonces issued before it and not
 * remembered become stale, so that forgetting never lets a replay through.
 */
import { GenerationMap } from '../../../foundation/generation-map.ts';
import type { IssuedNonce } from './nonce.ts';

interface NonceUse {
  readonly issuedMs: number;
  /** The highest count that was accepted. */
  highest: number;
  /** Bit n set: `highest - n` was accepted. Requests may overtake one another over UDP. */
  window: number;
}

const windowSize = 32;

export class NonceCounter {
  readonly #lifetimeMs: number;
  /** By serial number. */
  readonly #uses: GenerationMap<number, NonceUse>;
  #forgottenUpToMs = -1;

  constructor(options: { maximumNonces: number; lifetimeMs: number }) {
    this.#lifetimeMs = options.lifetimeMs;
    this.#uses = new GenerationMap(options.maximumNonces, (dropped) => {
      for (const { issuedMs } of dropped.values()) {
        this.#forgottenUpToMs = Math.max(this.#forgottenUpToMs, issuedMs);
      }
    });
  }

  /** Notes one use. False: the nonce has to be given up, a fresh one is needed. */
  accept(nonce: IssuedNonce, count: number, nowMs: number): boolean {
    if (nowMs - nonce.issuedMs > this.#lifetimeMs) {
      return false;
    }
    const use = this.#uses.get(nonce.serial);
    if (use !== undefined) {
      return advance(use, count);
    }
    if (nonce.issuedMs <= this.#forgottenUpToMs) {
      return false;
    }
    this.#uses.set(nonce.serial, { issuedMs: nonce.issuedMs, highest: count, window: 1 });
    return true;
  }
}

function advance(use: NonceUse, count: number): boolean {
  const ahead = count - use.highest;
  if (ahead > 0) {
    use.window = ahead >= windowSize ? 1 : (use.window << ahead) | 1;
    use.highest = count;
    return true;
  }
  const bit = 1 << -ahead;
  if (-ahead >= windowSize || (use.window & bit) !== 0) {
    return false;
  }
  use.window |= bit;
  return true;
}
