/**
 * Who is asking: the session cookie of a browser, or the bearer token of a program. Finding nobody
 * is not an error here; the permission step decides whether that is enough.
 */
import type { Authenticator } from '../request/identity.ts';
import { readSessionCookie } from '../request/session-cookie.ts';
import type { ApiMiddleware } from './api-state.ts';

const bearer = /^Bearer +([A-Za-z0-9._~+/=-]{1,512})$/i;

/** The token of an Authorization header; undefined when there is none in it. */
export function readBearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : bearer.exec(header)?.[1];
}

export function authentication(authenticator: Authenticator): ApiMiddleware {
  return async (ctx, next) => {
    const header = ctx.req.headers.authorization;
    if (header !== undefined) {
      // A wrong token is nobody: the cookie does not step in for it.
      const token = readBearerToken(header);
      if (token !== undefined) {
        ctx.state.identity = await authenticator.identityOfToken(token);
      }
    } else {
      const cookie = readSessionCookie(ctx.req.headers.cookie);
      if (cookie !== undefined) {
        ctx.state.identity = await authenticator.identityOfSession(cookie);
      }
    }
    await next();
  };
}
