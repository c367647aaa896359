/** The errors of the TFTP server that a caller may handle. */
import { AppError } from '../../system/foundation/app-error.ts';

export type TftpErrorCode =
  /** A datagram breaks RFC 1350, RFC 2347 or one of our limits. */
  | 'malformed'
  /** The port cannot be opened. */
  | 'socket';

export class TftpError extends AppError<TftpErrorCode> {}
