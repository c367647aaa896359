/** OPTIONS (RFC 3261 §11.2), inside a dialog and outside: what we can do. */
import { createResponse, type SipRequest } from '../../messages/message.ts';
import type { ServerTransaction } from '../../transactions/server-transaction.ts';
import { capabilityHeaders } from '../own-headers.ts';

/** `toTag`: of the response to an OPTIONS outside of a dialog. */
export function answerOptions(
  request: SipRequest,
  transaction: ServerTransaction,
  toTag?: string,
): void {
  transaction.respond(
    createResponse(request, 200, undefined, {
      headers: capabilityHeaders(),
      ...(toTag === undefined ? {} : { toTag }),
    }),
  );
}
