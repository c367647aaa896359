/** The digest computations of RFC 7616 §3.4.1 and RFC 8760: MD5 and SHA-256, qop=auth. */
import { hash } from 'node:crypto';
import type { DigestAlgorithm } from './digest-credentials.ts';

export function digestHash(algorithm: DigestAlgorithm, text: string): string {
  return hash(algorithm === 'MD5' ? 'md5' : 'sha256', text, 'hex');
}

/** H(username:realm:password): what is stored instead of the password. */
export function computeHa1(
  algorithm: DigestAlgorithm,
  username: string,
  realm: string,
  password: string,
): string {
  return digestHash(algorithm, `${username}:${realm}:${password}`);
}

export interface DigestResponseInput {
  readonly algorithm: DigestAlgorithm;
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly nonceCount: string;
  readonly cnonce: string;
}

/** The `response` of qop=auth. */
export function computeDigestResponse(input: DigestResponseInput): string {
  const ha2 = digestHash(input.algorithm, `${input.method}:${input.uri}`);
  return digestHash(
    input.algorithm,
    `${input.ha1}:${input.nonce}:${input.nonceCount}:${input.cnonce}:auth:${ha2}`,
  );
}

/** Compares without telling by its duration where the texts differ. */
export function isSameDigest(expected: string, actual: string): boolean {
  let difference = expected.length ^ actual.length;
  for (let index = 0; index < expected.length; index += 1) {
    // Beyond the end of `actual` this is NaN, which counts as 0; the lengths differ then anyway.
    difference |= expected.charCodeAt(index) ^ actual.charCodeAt(index);
  }
  return difference === 0;
}
