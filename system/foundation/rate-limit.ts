/**
 * How often something may happen, in all and per key (a source address, a hardware address …).
 * Memory is bounded: of keys that were not seen for long the count starts anew. Pure: time comes in.
 */

export interface Rate {
  /** How many may come at once after a pause. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Fills evenly, and is emptied by one each time. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAtMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** False where there is none left; then nothing is taken. */
  take(nowMs: number): boolean {
    const { burst, perSecond } = this.#rate;
    const earned = ((nowMs - this.#filledAtMs) / 1_000) * perSecond;
    this.#tokens = Math.min(burst, this.#tokens + earned);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}

export interface RateLimits {
  readonly all: Rate;
  readonly perKey: Rate;
  /** Keys that are told apart; twice as many are remembered at most. */
  readonly maximumKeys: number;
}

export class RateLimit {
  readonly #limits: RateLimits;
  readonly #all: TokenBucket;
  #young = new Map<string, TokenBucket>();
  #old = new Map<string, TokenBucket>();

  constructor(limits: RateLimits, nowMs: number) {
    this.#limits = limits;
    this.#all = new TokenBucket(limits.all, nowMs);
  }

  /** The key's own share is asked first, so that one key alone cannot use up that of all. */
  admit(key: string, nowMs: number): boolean {
    return this.#find(key, nowMs).take(nowMs) && this.#all.take(nowMs);
  }

  #find(key: string, nowMs: number): TokenBucket {
    const young = this.#young.get(key);
    if (young !== undefined) {
      return young;
    }
    const bucket = this.#old.get(key) ?? new TokenBucket(this.#limits.perKey, nowMs);
    if (this.#young.size >= this.#limits.maximumKeys) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, bucket);
    return bucket;
  }
}
