/** Why a body is not a session description that we can work with. */
import { AppError } from '../../foundation/app-error.ts';

/** `limit`: larger than `sdpLimits` allows. `syntax`: RFC 4566 grammar broken where it matters. */
export type SdpErrorCode = 'limit' | 'syntax';

export class SdpParseError extends AppError<SdpErrorCode> {
  constructor(code: SdpErrorCode, message: string, line: number) {
    super(code, `SDP line ${String(line)}: ${message}`, { details: { line } });
  }
}
