/**
 * The one place where an error becomes an HTTP status. A code that is not in the table is a bug of
 * ours: 500, logged, and nothing of it told.
 */
import { AppError } from '../../../foundation/app-error.ts';
import { type Problem, type ProblemIssue, problemIssueSchema } from './problem.ts';

/** Code of an AppError → status and title. */
export const problemStatuses: Readonly<Record<string, { status: number; title: string }>> = {
  'unreadable-body': { status: 400, title: 'The body cannot be read' },
  'invalid-query': { status: 400, title: 'The query is not valid' },
  unauthenticated: { status: 401, title: 'Log in first' },
  'wrong-credentials': { status: 401, title: 'Login or password is wrong' },
  forbidden: { status: 403, title: 'Not allowed' },
  'must-change-password': { status: 403, title: 'The password must be changed first' },
  'cross-site': { status: 403, title: 'The request came from another site' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'It conflicts with what exists' },
  pending: { status: 409, title: 'A change waits for its confirmation' },
  'not-pending': { status: 409, title: 'It does not wait for a confirmation' },
  cancelled: { status: 409, title: 'It was cancelled' },
  'not-restartable': { status: 409, title: 'It cannot be restarted' },
  stale: { status: 412, title: 'It was changed in between' },
  'too-large': { status: 413, title: 'Too large' },
  'unsupported-media-type': { status: 415, title: 'This type of content is not understood' },
  invalid: { status: 422, title: 'Some values are not valid' },
  'precondition-required': { status: 428, title: 'If-Match is missing' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  blocked: { status: 429, title: 'Too many failed logins' },
  busy: { status: 503, title: 'Too much to do at this moment' },
  timeout: { status: 503, title: 'A part of the system does not answer' },
  'no-space': { status: 507, title: 'The disk is full' },
  unavailable: { status: 503, title: 'The storage does not work' },
  locked: { status: 503, title: 'The storage is busy' },
  closed: { status: 503, title: 'A part of the system is not there' },
};

/** An answer of the server's own that carries no error, such as 404 of a path without a route. */
const codesByStatus: Readonly<Record<number, string>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  501: 'method-not-allowed',
};

/** The problem of an error, or undefined when it is a bug that must be logged and hidden. */
export function problemOfError(error: unknown): Problem | undefined {
  if (!(error instanceof AppError)) {
    return undefined;
  }
  // `instanceof` leaves the type parameter open.
  const { code, message, details } = error as AppError;
  const known = problemStatuses[code];
  if (known === undefined) {
    return undefined;
  }
  return createProblem(code, known, message, readIssues(details['issues']));
}

/** The problem of a status that was set without an error; other statuses have none. */
export function problemOfStatus(status: number, detail: string): Problem | undefined {
  const code = codesByStatus[status];
  const known = code === undefined ? undefined : problemStatuses[code];
  if (code === undefined || known === undefined) {
    return undefined;
  }
  return createProblem(code, known, detail, []);
}

export function internalProblem(): Problem {
  const known = { status: 500, title: 'Something went wrong here' };
  return createProblem('internal', known, 'The log has the details under this request id.', []);
}

function createProblem(
  code: string,
  known: { readonly status: number; readonly title: string },
  detail: string,
  issues: ProblemIssue[],
): Problem {
  const { status, title } = known;
  return { type: `/api/v1/reference#problem-${code}`, title, status, detail, code, issues };
}

function readIssues(issues: unknown): ProblemIssue[] {
  const parsed = problemIssueSchema.array().safeParse(issues);
  return parsed.success ? parsed.data : [];
}
