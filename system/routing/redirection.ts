/**
 * What becomes of a call that a phone sends elsewhere (RFC 3261 §8.1.3.4): the numbers it names are
 * routed as if its user had dialled them, so it leads nowhere that the user could not reach.
 */
import type { UserId } from '../foundation/ids.ts';

/** A user whose phone has sent the call on. */
export interface Redirection {
  readonly userId: UserId;
  /** Under which it was reached. */
  readonly number: string;
  /** 300 to 399 */
  readonly status: number;
}

export type RedirectTarget =
  | { readonly kind: 'found'; readonly number: string }
  /** Nothing has any of these numbers, or the phone named none. */
  | { readonly kind: 'unknown' }
  /** It leads back to who sent it on, or has gone on too often. */
  | { readonly kind: 'loop'; readonly number: string };

/** Of the dialplan: whom a number reaches. */
type FindReached = (number: string) => { readonly userId: UserId | undefined } | undefined;

const longestChain = 5;

/** `numbers`: what the last phone of `chain` names, the preferred first. */
export function chooseRedirectTarget(
  findReached: FindReached,
  chain: readonly Redirection[],
  numbers: readonly string[],
): RedirectTarget {
  for (const number of numbers) {
    const reached = findReached(number);
    if (reached !== undefined) {
      const isBack = chain.some(({ userId }) => userId === reached.userId);
      return { kind: isBack || chain.length > longestChain ? 'loop' : 'found', number };
    }
  }
  return { kind: 'unknown' };
}
