/**
 * Nonces that need no memory: a serial number, the time of issue and an HMAC over both
 * (RFC 7616 §3.3). The key lives as long as the process, so every nonce dies with it.
 */
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

const serialBytes = 6;
const timeBytes = 6;
const plainBytes = serialBytes + timeBytes;
const macBytes = 18;
const nonceBytes = plainBytes + macBytes;
const nonceChars = (nonceBytes / 3) * 4;

export interface IssuedNonce {
  /** Different for every nonce of one process. */
  readonly serial: number;
  /** When it was issued, on the clock it was issued by; whole milliseconds. */
  readonly issuedMs: number;
}

export class NonceIssuer {
  readonly #key: KeyObject;
  #nextSerial = 1;

  /** `key`: 32 random bytes. */
  constructor(key: Buffer) {
    /* Preparing a raw key anew for each HMAC would cost seven times as much as the HMAC. */
    this.#key = createSecretKey(key);
  }

  issue(nowMs: number): string {
    const bytes = Buffer.allocUnsafe(nonceBytes);
    bytes.writeUIntBE(this.#nextSerial++, 0, serialBytes);
    bytes.writeUIntBE(Math.max(0, Math.floor(nowMs)), serialBytes, timeBytes);
    this.#mac(bytes).copy(bytes, plainBytes, 0, macBytes);
    return bytes.toString('base64url');
  }

  /** Undefined where we did not issue it. */
  verify(nonce: string): IssuedNonce | undefined {
    if (nonce.length !== nonceChars) {
      return undefined;
    }
    const bytes = Buffer.from(nonce, 'base64url');
    if (
      bytes.length !== nonceBytes ||
      !timingSafeEqual(bytes.subarray(plainBytes), this.#mac(bytes).subarray(0, macBytes))
    ) {
      return undefined;
    }
    return {
      serial: bytes.readUIntBE(0, serialBytes),
      issuedMs: bytes.readUIntBE(serialBytes, timeBytes),
    };
  }

  #mac(bytes: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(bytes.subarray(0, plainBytes)).digest();
  }
}
