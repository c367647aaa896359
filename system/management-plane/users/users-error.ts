/** What the users service refuses beyond what the configuration store does. */
import { AppError } from '../../foundation/app-error.ts';

/**
 * `forbidden`: the role may not do it. `not-found`: an id or import that is not there (any more).
 * `invalid`: details.issues says what, with paths like `name`, `ids.3` or `12.email` (line.column).
 * `too-large`: the file is larger than an import may be. `cancelled`: somebody stopped it.
 */
export type UsersErrorCode = 'forbidden' | 'not-found' | 'invalid' | 'too-large' | 'cancelled';

export interface UsersIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export class UsersError extends AppError<UsersErrorCode> {
  constructor(code: UsersErrorCode, message: string, issues: readonly UsersIssue[] = []) {
    super(code, message, { details: { issues } });
  }
}
