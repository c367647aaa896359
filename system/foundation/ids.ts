/** Branded identifiers: two ids of different things do not mix, although both are strings. */
import { randomBytes } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Ours, one per call (not the SIP Call-ID, which is one per dialog). */
export type CallRef = Branded<'CallRef'>;
/** Ours, one per leg of a call: the call's reference, a dot, a number. */
export type LegRef = Branded<'LegRef'>;
export type UserId = Branded<'UserId'>;

/** 96 random bits in 16 URL-safe characters. */
export function randomId(): string {
  return randomBytes(12).toString('base64url');
}
