/** What the configuration store refuses, and why. */
import type { IssueCode, ValidationIssue } from '../../configuration/entities/validation-issue.ts';
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import { AppError } from '../../foundation/app-error.ts';

export type ConfigurationErrorCode =
  /** The change as it stands is not valid: see `issues`. */
  | 'invalid'
  /** Valid in itself, but it clashes with what is there: see `issues`. */
  | 'conflict'
  /** The entity was changed since the version that the caller saw. */
  | 'stale'
  /** No such entity or revision (any more). */
  | 'not-found'
  /** Another revision waits for its confirmation; until then nothing else can change. */
  | 'pending'
  /** The revision does not wait for a confirmation. */
  | 'not-pending'
  /** Too many changes wait already. */
  | 'busy'
  /** The store is closed. */
  | 'closed';

/** An issue of a change: in which operation, and of which entity. */
export interface OperationIssue extends ValidationIssue {
  /** Index in the list of operations; undefined for what the store derived itself. */
  readonly operation: number | undefined;
  readonly entity: EntityName;
  readonly id: string;
}

export class ConfigurationError extends AppError<ConfigurationErrorCode> {
  readonly issues: readonly OperationIssue[];

  constructor(
    code: ConfigurationErrorCode,
    message: string,
    options: { issues?: readonly OperationIssue[]; cause?: unknown } = {},
  ) {
    super(code, message, {
      cause: options.cause,
      details: options.issues === undefined ? {} : { issues: options.issues },
    });
    this.issues = options.issues ?? [];
  }
}

/** Issues that are no fault of the change itself but of what is there. */
const conflictCodes: ReadonlySet<IssueCode> = new Set(['taken', 'exists', 'changed-since']);

/** The error for all issues of a change at once. */
export function toConfigurationError(issues: readonly OperationIssue[]): ConfigurationError {
  const message = issues
    .slice(0, 3)
    .map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`))
    .join('; ');
  const more = issues.length > 3 ? ` (and ${(issues.length - 3).toString()} more)` : '';
  return new ConfigurationError(codeOf(issues), `${message}${more}`, { issues });
}

function codeOf(issues: readonly OperationIssue[]): ConfigurationErrorCode {
  if (issues.every((issue) => issue.code === 'not-found')) {
    return 'not-found';
  }
  return issues.every((issue) => conflictCodes.has(issue.code)) ? 'conflict' : 'invalid';
}
