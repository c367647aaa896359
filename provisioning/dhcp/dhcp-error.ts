/** The errors of the DHCP server that a caller may handle. */
import { AppError } from '../../system/foundation/app-error.ts';

export type DhcpErrorCode =
  /** A datagram breaks RFC 2131, RFC 2132 or one of our limits. */
  | 'malformed'
  /** Settings contradict themselves; `details.issues` lists every one with its path. */
  | 'invalid-settings'
  /** An option's value cannot be written as its type wants it. */
  | 'invalid-option'
  /** A socket could not be opened on an interface, or not be bound to it. */
  | 'socket';

export class DhcpError extends AppError<DhcpErrorCode> {}

/** For hostile input: no stack is made, which would cost more than the parsing. */
export function failParse(message: string): never {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    throw new DhcpError('malformed', message);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
