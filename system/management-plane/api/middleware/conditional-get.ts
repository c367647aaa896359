/** Conditional requests (RFC 9110 §13): 304 for a GET whose entity is unchanged. */
import type { ApiMiddleware } from './api-state.ts';

export function conditionalGet(): ApiMiddleware {
  return async (ctx, next) => {
    await next();
    if (ctx.fresh) {
      ctx.status = 304;
      ctx.body = null;
    }
  };
}
