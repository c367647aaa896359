/** Gives each request an id (answer header, problem, log) and writes the access log. */
import { randomId } from '../../../foundation/ids.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { sourceOf } from '../request/source-address.ts';
import type { ApiMiddleware } from './api-state.ts';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Changes are `info`, reading is `debug`. The query is not logged: it holds what people look for. */
export function requestLog(clock: Clock, logger: Logger): ApiMiddleware {
  return async (ctx, next) => {
    const startedAtMs = clock.nowMs();
    const requestId = randomId();
    ctx.state.requestId = requestId;
    ctx.state.source = sourceOf(ctx.req);
    ctx.set('X-Request-Id', requestId);
    await next();
    const isReading = readingMethods.has(ctx.method);
    if (isReading && !logger.isDebugEnabled()) {
      return;
    }
    const fields = {
      requestId,
      method: ctx.method,
      path: ctx.path,
      status: ctx.status,
      source: ctx.state.source,
      userId: ctx.state.identity?.actor.userId,
      durationMs: Math.round((clock.nowMs() - startedAtMs) * 10) / 10,
    };
    if (isReading) {
      logger.debug('HTTP request', fields);
    } else {
      logger.info('HTTP request', fields);
    }
  };
}
