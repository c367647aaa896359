/**
 * Nonces that need no memory: a serial number, the time of issue and a code over both that only we
 * can make (RFC 7616 §3.3). The key lives as long as the process, so every nonce dies with it.
 *
 * The code is the first 144 bits of SHA-256 over key and number. HMAC would guard against messages
 * that are made longer, which ours cannot be, and costs three times as much; two codes are made per
 * registration.
 */
import { hash } from 'node:crypto';
import { isSameDigest } from './digest-response.ts';

const numberChars = 9;
const plainChars = 2 * numberChars;
const codeChars = 24;
const plainPattern = /^[0-9a-z]{18}$/;

export interface IssuedNonce {
  /** Different for every nonce of one process. */
  readonly serial: number;
  /** When it was issued, on the clock it was issued by; whole milliseconds. */
  readonly issuedMs: number;
}

export class NonceIssuer {
  readonly #key: string;
  #nextSerial = 1;

  /** `key`: 32 random bytes. */
  constructor(key: Buffer) {
    this.#key = key.toString('base64url');
  }

  issue(nowMs: number): string {
    const plain = toText(this.#nextSerial++) + toText(Math.max(0, Math.floor(nowMs)));
    return plain + this.#codeOf(plain);
  }

  /** Undefined where we did not issue it. */
  verify(nonce: string): IssuedNonce | undefined {
    const plain = nonce.slice(0, plainChars);
    if (
      nonce.length !== plainChars + codeChars ||
      !plainPattern.test(plain) ||
      !isSameDigest(this.#codeOf(plain), nonce.slice(plainChars))
    ) {
      return undefined;
    }
    return {
      serial: parseInt(plain.slice(0, numberChars), 36),
      issuedMs: parseInt(plain.slice(numberChars), 36),
    };
  }

  #codeOf(plain: string): string {
    return hash('sha256', this.#key + plain, 'base64url').slice(0, codeChars);
  }
}

/** Nine digits of base 36 hold 100 million million: more milliseconds than any process lives. */
function toText(value: number): string {
  return value.toString(36).padStart(numberChars, '0');
}
