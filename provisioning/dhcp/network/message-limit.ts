/**
 * How many messages an interface looks at, so that a flood costs a bounded share of a core, and how
 * many of one hardware address. Asked before anything is parsed.
 */
import { RateLimit, type RateLimits } from '../../../system/foundation/rate-limit.ts';

const limits: RateLimits = {
  // 1,000 phones after a power cut send 4,000 messages in a few seconds.
  all: { burst: 8_000, perSecond: 1_000 },
  // A handshake is two messages; with retransmissions of two boot stages about a dozen.
  perKey: { burst: 20, perSecond: 1 },
  maximumKeys: 8_192,
};

/** chaddr of an Ethernet client, where every message has it. */
const hardwareAddressStart = 28;
const hardwareAddressEnd = 34;

export class MessageLimit {
  readonly #limit: RateLimit;
  #dropped = 0;

  constructor(nowMs: number) {
    this.#limit = new RateLimit(limits, nowMs);
  }

  admit(datagram: Buffer, nowMs: number): boolean {
    const key = datagram.toString('latin1', hardwareAddressStart, hardwareAddressEnd);
    const isAdmitted = this.#limit.admit(key, nowMs);
    this.#dropped += isAdmitted ? 0 : 1;
    return isAdmitted;
  }

  /** Messages that were not admitted since the last time somebody asked. */
  takeDroppedCount(): number {
    const count = this.#dropped;
    this.#dropped = 0;
    return count;
  }
}
