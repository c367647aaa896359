/** What the services of devices refuse. The codes are those of the API's table of problems. */
import { AppError } from '../../../foundation/app-error.ts';

export type DevicesErrorCode = 'not-found' | 'invalid' | 'conflict';

export interface DevicesIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export class DevicesError extends AppError<DevicesErrorCode> {
  constructor(code: DevicesErrorCode, message: string, issues: readonly DevicesIssue[] = []) {
    super(code, message, issues.length === 0 ? {} : { details: { issues } });
  }
}
