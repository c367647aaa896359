/** The errors of the FTP server that a caller may handle. */
import { AppError } from '../../system/foundation/app-error.ts';

/** The port cannot be opened. */
export type FtpErrorCode = 'socket';

export class FtpError extends AppError<FtpErrorCode> {}
