/** Turns whatever went wrong below into problem details (RFC 9457). The outermost translation. */
import { AppError } from '../../../foundation/app-error.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { internalProblem, problemOfError, problemOfStatus } from '../errors/problem-of-error.ts';
import type { Problem } from '../errors/problem.ts';
import type { ApiContext, ApiMiddleware } from './api-state.ts';

export function problemDetails(logger: Logger): ApiMiddleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === undefined) {
        logger.error('A request failed', { requestId: ctx.state.requestId, error });
      }
      answer(ctx, problem ?? internalProblem(), retryAfterSec(error));
      return;
    }
    if (ctx.status >= 400 && (ctx.body === undefined || ctx.body === null)) {
      const problem = problemOfStatus(ctx.status, `${ctx.method} ${ctx.path}`);
      if (problem !== undefined) {
        answer(ctx, problem, undefined);
      }
    }
  };
}

function answer(ctx: ApiContext, problem: Problem, retryAfter: number | undefined): void {
  ctx.remove('ETag');
  ctx.remove('Content-Disposition');
  ctx.status = problem.status;
  ctx.body = JSON.stringify({ ...problem, requestId: ctx.state.requestId } satisfies Problem);
  ctx.type = 'application/problem+json';
  ctx.set('Cache-Control', 'no-store');
  if (retryAfter !== undefined) {
    ctx.set('Retry-After', String(Math.ceil(retryAfter)));
  }
  if (problem.status === 413) {
    // What is left of the body is not read.
    ctx.set('Connection', 'close');
  }
}

function retryAfterSec(error: unknown): number | undefined {
  const seconds = error instanceof AppError ? error.details['retryAfterSec'] : undefined;
  return typeof seconds === 'number' ? seconds : undefined;
}
