/**
 * One read transfer as a state machine (RFC 1350, with the windows of RFC 7440): which blocks are to
 * be sent after an acknowledgement or a timeout. No socket, no clock, no data. Blocks are counted
 * from 1 without end; on the wire the number is modulo 65,536, so that files over 65,535 blocks work.
 *
 *   negotiating ──ACK 0──► sending ──ACK of the last block──► done
 *        └──── timeouts, or the client's ERROR ────┴────────► failed
 */
import type { TransferParameters } from './negotiation.ts';

export interface TransferSize {
  readonly sizeBytes: number;
  readonly parameters: TransferParameters;
  /** Whether the client must acknowledge an OACK first. */
  readonly hasOptions: boolean;
}

export type TransferStep =
  /** Send the OACK. */
  | { readonly kind: 'send-options' }
  /** Send these blocks, first and last included. */
  | { readonly kind: 'send-blocks'; readonly first: number; readonly last: number }
  /** An outdated or repeated packet: nothing, and the timer goes on. */
  | { readonly kind: 'ignore' }
  | { readonly kind: 'done' }
  /** The client does not answer any more. */
  | { readonly kind: 'give-up' };

/** The client counts as gone after so many sends of one window, and not before the time is up. */
const minimumTries = 6;
/** Boot loaders fall silent while they erase flash memory. */
const patienceMs = 30_000;
/** Whatever timeout the client fixed: up to 255 seconds each. */
const longestPatienceMs = 300_000;
/** Before anything is known of the client. */
const firstTimeoutMs = 1_000;
const shortestTimeoutMs = 200;
const longestTimeoutMs = 8_000;

export class Transfer {
  readonly #lastBlock: number;
  readonly #windowBlocks: number;
  readonly #fixedTimeoutMs: number | undefined;
  /** Highest block that the client has, with all before it. */
  #acknowledged = 0;
  /** Highest block that was sent. */
  #sent = 0;
  #isNegotiating: boolean;
  #tries = 1;
  /** When the present window was sent first, and when the client last got any further. */
  #sentAtMs = 0;
  #progressAtMs = 0;
  /** Smoothed time from a window to its acknowledgement; undefined before the first. */
  #roundTripMs: number | undefined;
  /** Whether the present window was sent again because of a repeated acknowledgement. */
  #isRepeated = false;

  constructor({ sizeBytes, parameters, hasOptions }: TransferSize) {
    // A last block shorter than the others, empty if need be, tells the client where the end is.
    this.#lastBlock = Math.floor(sizeBytes / parameters.blockBytes) + 1;
    this.#windowBlocks = parameters.windowBlocks;
    this.#fixedTimeoutMs =
      parameters.timeoutSec === undefined ? undefined : parameters.timeoutSec * 1_000;
    this.#isNegotiating = hasOptions;
  }

  /**
   * How long to wait for an answer to what was just sent: what the client fixed, else a time that
   * follows the round trips (RFC 1123 §4.2.3.2) and doubles with every try.
   */
  get timeoutMs(): number {
    if (this.#fixedTimeoutMs !== undefined) {
      return this.#fixedTimeoutMs;
    }
    const usualMs =
      this.#roundTripMs === undefined
        ? firstTimeoutMs
        : Math.min(firstTimeoutMs, Math.max(shortestTimeoutMs, 4 * this.#roundTripMs));
    return Math.min(longestTimeoutMs, usualMs * 2 ** (this.#tries - 1));
  }

  /** Highest block that the client is known to have. */
  get acknowledgedBlock(): number {
    return this.#acknowledged;
  }

  start(nowMs: number): TransferStep {
    this.#sentAtMs = nowMs;
    this.#progressAtMs = nowMs;
    return this.#sendAgain();
  }

  /** `block`: as it came, modulo 65,536. */
  acknowledge(block: number, nowMs: number): TransferStep {
    if (this.#isNegotiating) {
      if (block !== 0) {
        return { kind: 'ignore' };
      }
      this.#isNegotiating = false;
      return this.#progress(nowMs);
    }
    const advance = (block - this.#acknowledged) & 0xffff;
    if (advance > this.#sent - this.#acknowledged) {
      return { kind: 'ignore' };
    }
    if (advance === 0) {
      return this.#handleRepeated();
    }
    this.#acknowledged += advance;
    return this.#acknowledged === this.#lastBlock ? { kind: 'done' } : this.#progress(nowMs);
  }

  handleTimeout(nowMs: number): TransferStep {
    const silentMs = nowMs - this.#progressAtMs;
    if ((this.#tries >= minimumTries && silentMs >= patienceMs) || silentMs >= longestPatienceMs) {
      return { kind: 'give-up' };
    }
    this.#tries += 1;
    this.#isRepeated = false;
    return this.#sendAgain();
  }

  #sendAgain(): TransferStep {
    return this.#isNegotiating ? { kind: 'send-options' } : this.#sendWindow();
  }

  /**
   * The client says again what it has: the first block of a window was lost (RFC 7440 §4). Answered
   * once per window; with single blocks never, or a delayed packet would double all that follow
   * (the sorcerer's apprentice, RFC 1123 §4.2.3.1).
   */
  #handleRepeated(): TransferStep {
    if (this.#windowBlocks === 1 || this.#isRepeated) {
      return { kind: 'ignore' };
    }
    this.#isRepeated = true;
    return this.#sendWindow();
  }

  #progress(nowMs: number): TransferStep {
    if (this.#tries === 1 && !this.#isRepeated) {
      // Of a window sent twice nobody knows which sending was answered (Karn's rule).
      const roundTripMs = nowMs - this.#sentAtMs;
      this.#roundTripMs =
        this.#roundTripMs === undefined
          ? roundTripMs
          : this.#roundTripMs + (roundTripMs - this.#roundTripMs) / 8;
    }
    this.#sentAtMs = nowMs;
    this.#progressAtMs = nowMs;
    this.#tries = 1;
    this.#isRepeated = false;
    return this.#sendWindow();
  }

  #sendWindow(): TransferStep {
    const first = this.#acknowledged + 1;
    const last = Math.min(this.#lastBlock, this.#acknowledged + this.#windowBlocks);
    this.#sent = Math.max(this.#sent, last);
    return { kind: 'send-blocks', first, last };
  }
}
