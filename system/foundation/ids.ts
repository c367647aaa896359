/** Branded identifiers: two ids of different things do not mix, although both are strings. */
import { randomFillSync } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Ours, one per call (not the SIP Call-ID, which is one per dialog). */
export type CallRef = Branded<'CallRef'>;
/** Ours, one per leg of a call: the call's reference, a dot, a number. */
export type LegRef = Branded<'LegRef'>;
export type UserId = Branded<'UserId'>;

const idBytes = 12;
const poolBytes = 512 * idBytes;
const pool = Buffer.allocUnsafeSlow(poolBytes);
let poolOffset = poolBytes;

/**
 * 96 random bits in 16 URL-safe characters. Random bytes are fetched for many ids at once, because
 * each fetch costs several microseconds and every message of a call needs an id.
 */
export function randomId(): string {
  if (poolOffset === poolBytes) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const id = pool.toString('base64url', poolOffset, poolOffset + idBytes);
  poolOffset += idBytes;
  return id;
}
