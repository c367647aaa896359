/**
 * What an answer that is not a success means: problem details (RFC 9457) as one typed error, also
 * when no answer came at all.
 */

/** One complaint about one field; `path` in dots as the request named it, empty for the whole. */
export interface Issue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  /** Stable code of the server, or `unreachable`, `unexpected-answer`. */
  readonly code: string;
  readonly detail: string;
  readonly issues: readonly Issue[];
  /** Seconds after which trying again makes sense, when the server said so. */
  readonly retryAfterSec: number | undefined;

  constructor(options: {
    readonly status: number;
    readonly code: string;
    readonly detail: string;
    readonly issues?: readonly Issue[];
    readonly retryAfterSec?: number | undefined;
  }) {
    super(options.detail === '' ? options.code : options.detail);
    this.status = options.status;
    this.code = options.code;
    this.detail = options.detail;
    this.issues = options.issues ?? [];
    this.retryAfterSec = options.retryAfterSec;
  }
}

/** Reads the body of a failed answer; anything that is no problem document becomes one. */
export function toApiError(status: number, body: unknown, retryAfter: string | null): ApiError {
  const retryAfterSec = retryAfter === null ? undefined : Number.parseInt(retryAfter, 10);
  if (!isRecord(body)) {
    return new ApiError({ status, code: 'unexpected-answer', detail: '', retryAfterSec });
  }
  return new ApiError({
    status,
    code: textOf(body['code']) ?? 'unexpected-answer',
    detail: textOf(body['detail']) ?? textOf(body['title']) ?? '',
    issues: Array.isArray(body['issues']) ? body['issues'].flatMap(toIssue) : [],
    retryAfterSec: Number.isFinite(retryAfterSec) ? retryAfterSec : undefined,
  });
}

function toIssue(value: unknown): readonly Issue[] {
  if (!isRecord(value)) {
    return [];
  }
  const path = Array.isArray(value['path'])
    ? value['path'].map(String).join('.')
    : (textOf(value['path']) ?? '');
  return [{ path, code: textOf(value['code']) ?? '', message: textOf(value['message']) ?? '' }];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
