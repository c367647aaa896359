/**
 * Digest authentication of requests (RFC 3261 §22, RFC 7616, RFC 8760): SHA-256 and MD5, qop=auth.
 *
 * We are the endpoint of every request (registrar and back-to-back user agent, never a proxy), so
 * the challenge is always 401 with WWW-Authenticate; 407 would be wrong (§22.3). Requests without
 * qop (RFC 2069) are refused: they have no protection against replay.
 *
 * Known and unknown users get the same answer after the same work.
 */
import type { Clock } from '../../../foundation/clock.ts';
import type { UserId } from '../../../foundation/ids.ts';
import { quote } from '../messages/escape.ts';
import type { HeaderLines } from '../messages/header-fields.ts';
import type { SipRequest } from '../messages/message.ts';
import { SipParseError } from '../messages/sip-parse-error.ts';
import { parseUri, type Uri } from '../messages/uri.ts';
import {
  parseDigestCredentials,
  type DigestAlgorithm,
  type DigestCredentials,
} from './digest-credentials.ts';
import { acceptedAlgorithms, offeredAlgorithms, type DigestPolicy } from './digest-offer.ts';
import { computeDigestResponse, digestHash, isSameDigest } from './digest-response.ts';
import { NonceCounter } from './nonce-counter.ts';
import { NonceIssuer } from './nonce.ts';

export interface SipAccount {
  readonly userId: UserId;
  /** The device whose own account it is. */
  readonly device?: string | undefined;
  /** H(username:realm:password) in lower case hexadecimal. */
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

export interface DigestServerOptions {
  readonly clock: Clock;
  /** Of the configuration in force; a change makes every earlier HA1 worthless. */
  readonly realm: () => string;
  readonly findAccount: (username: string) => SipAccount | undefined;
  /** Random bytes, asked for once. */
  readonly random: (sizeBytes: number) => Buffer;
  /** How long one nonce may be used; 600 where nothing is said. */
  readonly nonceLifetimeSec?: number;
  /** How many nonces in use are remembered; 20,000 where nothing is said. */
  readonly maximumNonces?: number;
  /** Which algorithms are offered now; SHA-256 and MD5 where nothing is said. */
  readonly policy?: () => DigestPolicy;
}

export type AuthenticationResult =
  | {
      readonly kind: 'authenticated';
      readonly userId: UserId;
      readonly device: string | undefined;
      readonly username: string;
    }
  | {
      readonly kind: 'challenge';
      /** The credentials were right, only their nonce was not: nobody has to be asked again. */
      readonly stale: boolean;
      /** For the 401. */
      readonly headers: HeaderLines;
    }
  | {
      readonly kind: 'refused';
      /** 403 for wrong credentials, 400 for malformed ones. */
      readonly status: 400 | 403;
      readonly cause: 'credentials' | 'malformed';
      /** As claimed, for the log. */
      readonly username: string | undefined;
    };

const challengeName = 'WWW-Authenticate';
const hexDigits = /^[0-9a-f]{8}$/i;

export class DigestServer {
  readonly #options: DigestServerOptions;
  readonly #policy: () => DigestPolicy;
  readonly #issuer: NonceIssuer;
  readonly #counter: NonceCounter;
  readonly #unknownUserKey: string;

  constructor(options: DigestServerOptions) {
    this.#options = options;
    this.#policy = options.policy ?? (() => 'sha-256-and-md5');
    this.#issuer = new NonceIssuer(options.random(32));
    this.#unknownUserKey = options.random(32).toString('hex');
    this.#counter = new NonceCounter({
      maximumNonces: options.maximumNonces ?? 20_000,
      lifetimeMs: (options.nonceLifetimeSec ?? 600) * 1_000,
    });
  }

  /** For the 401 to a request without credentials. */
  challenge(request: SipRequest): HeaderLines {
    const userAgent = request.headers.get('User-Agent');
    const algorithms = offeredAlgorithms(this.#policy(), userAgent);
    return this.#challenge(this.#options.realm(), false, algorithms);
  }

  /** Judges one request; a use of its nonce is noted. Never for ACK and CANCEL (§22.1). */
  check(request: SipRequest): AuthenticationResult {
    const realm = this.#options.realm();
    const credentials = this.#selectCredentials(request, realm);
    if (credentials === undefined) {
      return { kind: 'challenge', stale: false, headers: this.challenge(request) };
    }
    if (credentials === 'malformed') {
      return { kind: 'refused', status: 400, cause: 'malformed', username: undefined };
    }
    const { username, nonceCount, cnonce } = credentials;
    if (
      credentials.qop !== 'auth' ||
      cnonce === undefined ||
      nonceCount === undefined ||
      !hexDigits.test(nonceCount) ||
      !isDigestUriFor(request.requestUri, credentials.uri)
    ) {
      return { kind: 'refused', status: 400, cause: 'malformed', username };
    }
    const algorithm = credentials.algorithm ?? 'MD5';
    const account = this.#options.findAccount(username);
    const substitute = digestHash(algorithm, `${this.#unknownUserKey}:${username}`);
    const stored = algorithm === 'MD5' ? account?.ha1Md5 : account?.ha1Sha256;
    const expected = computeDigestResponse({
      algorithm,
      ha1: stored ?? substitute,
      method: request.method,
      uri: credentials.uri,
      nonce: credentials.nonce,
      nonceCount,
      cnonce,
    });
    const isRight = isSameDigest(expected, credentials.response);
    const nowMs = this.#options.clock.nowMs();
    const nonce = this.#issuer.verify(credentials.nonce);
    if (!isRight || account === undefined) {
      return { kind: 'refused', status: 403, cause: 'credentials', username };
    }
    if (nonce === undefined || !this.#counter.accept(nonce, parseInt(nonceCount, 16), nowMs)) {
      // It has just shown what it knows.
      return { kind: 'challenge', stale: true, headers: this.#challenge(realm, true, [algorithm]) };
    }
    const { userId, device } = account;
    return { kind: 'authenticated', userId, device, username };
  }

  /**
   * The first credentials for our realm in an algorithm that we accept. Those for other realms and
   * schemes are not meant for us.
   */
  #selectCredentials(
    request: SipRequest,
    realm: string,
  ): DigestCredentials | 'malformed' | undefined {
    let isMalformed = false;
    for (const value of request.headers.getLines('Authorization')) {
      const credentials = parseDigestCredentials(value);
      if (credentials === undefined) {
        isMalformed = true;
      } else if (
        credentials !== 'other-scheme' &&
        credentials.realm === realm &&
        credentials.algorithm !== undefined &&
        acceptedAlgorithms(this.#policy()).includes(credentials.algorithm)
      ) {
        return credentials;
      }
    }
    return isMalformed ? 'malformed' : undefined;
  }

  /** One nonce serves all algorithms offered; the client takes the first it knows (RFC 8760 §2.4). */
  #challenge(realm: string, stale: boolean, algorithms: readonly DigestAlgorithm[]): HeaderLines {
    const nonce = this.#issuer.issue(this.#options.clock.nowMs());
    const staleText = stale ? ', stale=true' : '';
    const start = `Digest realm=${quote(realm)}, nonce="${nonce}", qop="auth"${staleText}, algorithm=`;
    return algorithms.map((algorithm) => [challengeName, start + algorithm] as const);
  }
}

/**
 * Whether the `uri` of the credentials may stand for the target of the request. What counts is who is
 * called: credentials that name somebody are good for calls to nobody else. The server is named in
 * many ways, by name, by address, with and without port; proxies on the way rewrite it, and some
 * programs name nothing else (sipp), so it does not count.
 */
function isDigestUriFor(requestUri: Uri, text: string): boolean {
  let uri: Uri;
  try {
    uri = parseUri(text);
  } catch (error) {
    if (error instanceof SipParseError) {
      return false;
    }
    throw error;
  }
  if (uri.scheme === 'other' || requestUri.scheme === 'other') {
    return uri.scheme === 'other' && requestUri.scheme === 'other' && uri.text === requestUri.text;
  }
  if (uri.scheme === 'tel' || requestUri.scheme === 'tel') {
    return uri.scheme === 'tel' && requestUri.scheme === 'tel' && uri.number === requestUri.number;
  }
  return uri.user === undefined || uri.user === requestUri.user;
}
