/**
 * Which digest algorithms a challenge names. RFC 8760 wants the strongest first and says that a phone
 * passes over what it does not know; phones in wide use refuse the whole challenge instead. So unless
 * an administrator decides otherwise, SHA-256 is offered to those that are known to take it and MD5
 * alone to the rest, which would use MD5 in any case.
 */
import type { DigestAlgorithm } from './digest-credentials.ts';

export type DigestPolicy = 'automatic' | 'md5' | 'sha-256-and-md5' | 'sha-256';

const md5Only = ['MD5'] as const;
const sha256Only = ['SHA-256'] as const;
const both = ['SHA-256', 'MD5'] as const;

/**
 * Programs seen to take the first algorithm that they know, by the beginning of their User-Agent.
 * Whoever lies here gains nothing: MD5 is offered beside it.
 */
const knowSha256: readonly RegExp[] = [/^Linphone[A-Za-z-]{0,20}\/(?:[5-9]|[1-9][0-9])\./];

/** Strongest first. `userAgent`: as the request names it. */
export function offeredAlgorithms(
  policy: DigestPolicy,
  userAgent: string | undefined,
): readonly DigestAlgorithm[] {
  switch (policy) {
    case 'md5':
      return md5Only;
    case 'sha-256':
      return sha256Only;
    case 'sha-256-and-md5':
      return both;
    case 'automatic':
      return userAgent !== undefined && knowSha256.some((pattern) => pattern.test(userAgent))
        ? both
        : md5Only;
  }
}

/** Which algorithms credentials may have come in. */
export function acceptedAlgorithms(policy: DigestPolicy): readonly DigestAlgorithm[] {
  return policy === 'automatic' ? both : offeredAlgorithms(policy, undefined);
}
