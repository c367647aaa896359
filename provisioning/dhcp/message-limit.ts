/**
 * How many messages are looked at: per interface, so that a flood costs a bounded share of a core,
 * and per hardware address, so that one broken device does not use up the interface's share. Asked
 * before anything is parsed. Pure.
 */

/** A bucket that fills evenly and is emptied by one per message. */
class TokenBucket {
  #tokens: number;
  #filledAtMs: number;

  constructor(burst: number, nowMs: number) {
    this.#tokens = burst;
    this.#filledAtMs = nowMs;
  }

  take(burst: number, perSecond: number, nowMs: number): boolean {
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

export interface MessageRate {
  readonly burst: number;
  readonly perSecond: number;
}

/** 1,000 phones after a power cut send 4,000 messages in a few seconds. */
const interfaceRate: MessageRate = { burst: 8_000, perSecond: 1_000 };
/** A handshake is two messages, with retransmissions of two boot stages about a dozen. */
const clientRate: MessageRate = { burst: 20, perSecond: 1 };
const maximumClients = 8_192;
/** chaddr of a client, where every message has it. */
const hardwareAddressStart = 28;
const hardwareAddressEnd = 34;

export class MessageLimit {
  readonly #interfaceBucket: TokenBucket;
  #clients = new Map<string, TokenBucket>();
  #older = new Map<string, TokenBucket>();
  #dropped = 0;

  constructor(nowMs: number) {
    this.#interfaceBucket = new TokenBucket(interfaceRate.burst, nowMs);
  }

  admit(datagram: Buffer, nowMs: number): boolean {
    const isAdmitted =
      this.#interfaceBucket.take(interfaceRate.burst, interfaceRate.perSecond, nowMs) &&
      this.#findClient(datagram, nowMs).take(clientRate.burst, clientRate.perSecond, nowMs);
    this.#dropped += isAdmitted ? 0 : 1;
    return isAdmitted;
  }

  /** Messages that were not admitted since the last time somebody asked. */
  takeDroppedCount(): number {
    const count = this.#dropped;
    this.#dropped = 0;
    return count;
  }

  #findClient(datagram: Buffer, nowMs: number): TokenBucket {
    const key = datagram.toString('latin1', hardwareAddressStart, hardwareAddressEnd);
    const bucket =
      this.#clients.get(key) ?? this.#older.get(key) ?? new TokenBucket(clientRate.burst, nowMs);
    if (this.#clients.size >= maximumClients) {
      this.#older = this.#clients;
      this.#clients = new Map();
    }
    this.#clients.set(key, bucket);
    return bucket;
  }
}
