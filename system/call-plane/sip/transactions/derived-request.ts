/** The two requests that a client transaction makes out of its own INVITE. */
import { HeaderFields } from '../messages/header-fields.ts';
import { SipRequest, type SipResponse } from '../messages/message.ts';

/** The ACK to a 300–699 response (RFC 3261 §17.1.1.3): To with its tag comes from the response. */
export function createFailureAck(invite: SipRequest, response: SipResponse): SipRequest {
  return deriveRequest(invite, 'ACK', response.headers.get('To') ?? '');
}

/** RFC 3261 §9.1. `reason`: the value of a Reason header field (RFC 3326). */
export function createCancel(invite: SipRequest, reason: string | undefined): SipRequest {
  const cancel = deriveRequest(invite, 'CANCEL', invite.headers.get('To') ?? '');
  if (reason !== undefined) {
    cancel.headers.append('Reason', reason);
  }
  return cancel;
}

/** With the INVITE's own top Via alone, its Route, and its CSeq number under the new method. */
function deriveRequest(invite: SipRequest, method: string, to: string): SipRequest {
  const headers = new HeaderFields();
  headers.append('Via', invite.headers.getFirst('Via') ?? '');
  for (const route of invite.headers.getLines('Route')) {
    headers.append('Route', route);
  }
  headers.append('Max-Forwards', '70');
  headers.append('From', invite.headers.get('From') ?? '');
  headers.append('To', to);
  headers.append('Call-ID', invite.callId);
  headers.append('CSeq', `${String(invite.cseq.sequence)} ${method}`);
  return new SipRequest(method, invite.requestUri, headers);
}
