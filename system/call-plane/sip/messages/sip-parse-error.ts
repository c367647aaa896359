/** The only error that parsing of SIP input throws. */
import { AppError } from '../../../foundation/app-error.ts';
import type { SipRequest } from './message.ts';

/** The rule that was broken. */
export type SipParseErrorCode =
  | 'too-large'
  | 'framing'
  | 'start-line'
  | 'version'
  | 'header-field'
  | 'missing-header-field'
  | 'repeated-header-field'
  | 'content-length'
  | 'uri'
  | 'name-addr'
  | 'parameter'
  | 'via'
  | 'cseq'
  | 'max-forwards'
  | 'contact';

export interface SipParseErrorOptions {
  /** Position of the fault in the parsed text, where it is known. */
  readonly offset?: number;
  /** The status a request with this fault is answered with; 400 where nothing is said. */
  readonly status?: number;
}

export class SipParseError extends AppError<SipParseErrorCode> {
  readonly offset: number | undefined;
  readonly status: number;
  /**
   * The request as far as it was understood. Present only when Via, From, To, Call-ID and CSeq were
   * there and the top Via was readable, so that `createResponse` can answer it. Never an ACK.
   */
  request: SipRequest | undefined;

  constructor(code: SipParseErrorCode, message: string, options: SipParseErrorOptions = {}) {
    super(code, message);
    this.offset = options.offset;
    this.status = options.status ?? 400;
    this.request = undefined;
  }
}

/**
 * Throws a parse error without the cost of a stack trace: bad input comes in floods, and where it
 * was noticed in our code says nothing about it.
 */
export function failParse(
  code: SipParseErrorCode,
  message: string,
  options?: SipParseErrorOptions,
): never {
  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = new SipParseError(code, message, options);
  Error.stackTraceLimit = stackTraceLimit;
  throw error;
}
