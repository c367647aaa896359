/** What phonebooks refuse. */
import { AppError } from '../../foundation/app-error.ts';

/**
 * `forbidden`: somebody else's book. `not-found`: a book, contact, change or import that is not there
 * (any more). `conflict`: a speed code that is taken, or a change that later ones stand in the way of.
 * `invalid`: `details.issues` says what. `stale`: changed in between. `too-large`: a limit is reached.
 */
export type PhonebooksErrorCode =
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'stale'
  | 'too-large';

export interface PhonebooksIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export class PhonebooksError extends AppError<PhonebooksErrorCode> {
  constructor(code: PhonebooksErrorCode, message: string, issues: readonly PhonebooksIssue[] = []) {
    super(code, message, { details: { issues } });
  }
}
