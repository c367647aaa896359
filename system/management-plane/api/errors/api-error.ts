/** Refusals that the API itself decides; services throw their own AppErrors. */
import { AppError } from '../../../foundation/app-error.ts';
import type { ProblemIssue } from './problem.ts';

export type ApiErrorCode =
  /** 400: the body is not JSON, or not UTF-8. */
  | 'unreadable-body'
  /** 400: query parameters do not fit. */
  | 'invalid-query'
  /** 401: no session and no token, or an ended one. */
  | 'unauthenticated'
  /** 403: the role may not do this. */
  | 'forbidden'
  /** 403: only the own password may be changed now. */
  | 'must-change-password'
  /** 403: a browser sent this from elsewhere, or without the CSRF token. */
  | 'cross-site'
  /** 404 */
  | 'not-found'
  /** 405 */
  | 'method-not-allowed'
  /** 409: the part has no life of its own. */
  | 'not-restartable'
  /** 412: somebody else changed it in between. */
  | 'stale'
  /** 413 */
  | 'too-large'
  /** 415 */
  | 'unsupported-media-type'
  /** 422: the body does not fit its schema. */
  | 'invalid'
  /** 428: If-Match is missing. */
  | 'precondition-required'
  /** 429: too many requests of one source. */
  | 'too-many-requests';

export class ApiError extends AppError<ApiErrorCode> {
  /** `retryAfterSec` becomes the header Retry-After. */
  constructor(
    code: ApiErrorCode,
    message: string,
    issues: readonly ProblemIssue[] = [],
    retryAfterSec?: number,
  ) {
    super(code, message, { details: { issues, retryAfterSec } });
  }
}
