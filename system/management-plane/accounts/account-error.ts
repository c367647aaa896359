/** What may go wrong between an account and the management plane: one class, stable codes. */
import { AppError } from '../../foundation/app-error.ts';

/**
 * `unauthenticated`: ended session or token. `wrong-credentials`: never says what was wrong.
 * `blocked`: details.retryAfterSec.
 * `invalid`: details.issues, each {path, code, message}. `busy`: too many logins wait, try again.
 */
export type AccountErrorCode =
  | 'unauthenticated'
  | 'wrong-credentials'
  | 'blocked'
  | 'forbidden'
  | 'not-found'
  | 'invalid'
  | 'busy';

export class AccountError extends AppError<AccountErrorCode> {}

/** One thing wrong with what was asked for, as the API reports it. */
export interface AccountIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}
