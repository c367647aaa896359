/** Why the receiver of syslog does not listen. */
import { AppError } from '../../system/foundation/app-error.ts';

export type SyslogErrorCode = 'not-permitted' | 'socket';

export class SyslogError extends AppError<SyslogErrorCode> {}
