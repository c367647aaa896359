/** What an INVITE that begins a call must fulfil before the dialplan sees it (RFC 3261 §8.2). */
import { parseSdp } from '../../sdp/parse-sdp.ts';
import { SdpParseError } from '../../sdp/sdp-parse-error.ts';
import type { SessionDescription } from '../../sdp/session-description.ts';
import type { HeaderLines } from '../../sip/messages/header-fields.ts';
import { unsupportedOptions } from '../../sip/dialogs/own-headers.ts';
import { negotiateAsUas } from '../../sip/dialogs/session-timer.ts';
import type { SipRequest } from '../../sip/messages/message.ts';
import { dialledNumber } from '../dialled-number.ts';
import { causeForStatus, q850Reason } from '../reason.ts';

export type InviteCheck =
  | {
      readonly kind: 'accepted';
      readonly dialled: string;
      readonly offer: SessionDescription | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly reason: string | undefined;
      readonly headers: HeaderLines;
    };

/** `sessionTimerSec`: of the configuration. */
export function checkInvite(request: SipRequest, sessionTimerSec: number): InviteCheck {
  const unsupported = unsupportedOptions(request);
  if (unsupported.length > 0) {
    return refuse(420, undefined, [['Unsupported', unsupported.join(', ')]]);
  }
  if (request.maxForwards === 0) {
    return refuse(483, undefined, []);
  }
  const { contacts, contentType, body } = request;
  if (contacts === '*' || contacts.length !== 1) {
    return refuse(400, 'One Contact Needed', []);
  }
  if (body.length > 0 && contentType !== 'application/sdp') {
    return refuse(415, undefined, [['Accept', 'application/sdp']]);
  }
  const encoding = request.headers.get('Content-Encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return refuse(415, undefined, [['Accept-Encoding', 'identity']]);
  }
  const negotiation = negotiateAsUas(request.headers, sessionTimerSec);
  if (negotiation.kind === 'too-small') {
    return refuse(422, undefined, [['Min-SE', String(negotiation.minSec)]]);
  }
  const { requestUri } = request;
  if (requestUri.scheme === 'other' || requestUri.scheme === 'sips') {
    // sips promises TLS on every hop, and the phone that is called may have come by UDP.
    return refuse(416, undefined, []);
  }
  const dialled = dialledNumber(requestUri);
  if (dialled === undefined) {
    return refuse(484, undefined, []);
  }
  try {
    const offer = body.length === 0 ? undefined : parseSdp(body);
    return { kind: 'accepted', dialled, offer };
  } catch (error) {
    if (error instanceof SdpParseError) {
      return refuse(400, 'Bad Session Description', []);
    }
    throw error;
  }
}

function refuse(status: number, reason: string | undefined, headers: HeaderLines): InviteCheck {
  return {
    kind: 'refused',
    status,
    reason,
    headers: [...headers, q850Reason(causeForStatus(status))],
  };
}
