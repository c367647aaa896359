/** What the firmware library and rollouts refuse. The codes are those of the API's table of problems. */
import { AppError } from '../../../../foundation/app-error.ts';

export type FirmwareErrorCode =
  | 'not-found'
  | 'invalid'
  | 'conflict'
  | 'too-large'
  | 'no-space'
  | 'busy'
  | 'unreadable-body';

export interface FirmwareIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export class FirmwareError extends AppError<FirmwareErrorCode> {
  constructor(code: FirmwareErrorCode, message: string, issues: readonly FirmwareIssue[] = []) {
    super(code, message, issues.length === 0 ? {} : { details: { issues } });
  }
}
