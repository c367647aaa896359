/** Who a request comes from, and who finds that out. */
import type { SessionIdentity } from '../../accounts/sessions.ts';
import type { TokenIdentity } from '../../accounts/tokens.ts';
import { ApiError } from '../errors/api-error.ts';

/** A browser that logged in, or a program with a token. */
export type Identity = SessionIdentity | TokenIdentity;

/** Finds nobody rather than throwing: an unknown, ended or expired secret is undefined. */
export interface Authenticator {
  identityOfSession(sessionToken: string): Promise<Identity | undefined>;
  identityOfToken(token: string): Promise<Identity | undefined>;
  /** Without counting as activity: for connections that stay open. */
  isSessionAlive(sessionToken: string): Promise<boolean>;
}

/** For handlers of routes that are not public: the permission step let nobody else through. */
export function requireIdentity(identity: Identity | undefined): Identity {
  if (identity === undefined) {
    throw new ApiError('unauthenticated', 'Log in, or send a valid token.');
  }
  return identity;
}
