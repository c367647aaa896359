/**
 * Refuses what another site made a browser send (CSRF): unsafe methods need an own origin, and with
 * a session the token that only our pages can read. Bearer tokens need neither: no browser adds
 * them by itself.
 */
import { timingSafeEqual } from 'node:crypto';
import { ApiError } from '../errors/api-error.ts';
import { isOwnOrigin } from '../request/origin.ts';
import type { ApiMiddleware } from './api-state.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export function crossSite(): ApiMiddleware {
  return (ctx, next) => {
    const { identity } = ctx.state;
    if (safeMethods.has(ctx.method) || identity?.kind === 'token') {
      return next();
    }
    if (!isOwnOrigin(ctx.req.headers)) {
      throw new ApiError('cross-site', 'The request was made by a page of another site.');
    }
    if (identity !== undefined && !isEqualToken(ctx.get('X-CSRF-Token'), identity.csrfToken)) {
      throw new ApiError('cross-site', 'The header X-CSRF-Token is missing or wrong.');
    }
    return next();
  };
}

function isEqualToken(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
