/** What one call is made of. Of the caller's INVITE it keeps only what is needed while it lasts. */
import type { CallRef } from '../../foundation/ids.ts';
import type { Secret } from '../../foundation/secret.ts';
import type { CallFacts } from '../../routing/route-call.ts';
import type { SessionDescription } from '../sdp/session-description.ts';
import type { SipRequest } from '../sip/messages/message.ts';
import type { Uri } from '../sip/messages/uri.ts';
import type { ServerTransaction } from '../sip/transactions/server-transaction.ts';
import type { Flow } from '../sip/transport.ts';
import type { CallConfiguration, CallEnvironment } from './call-environment.ts';

/** What the INVITE says of the phone that calls. */
export interface CallerPhone {
  readonly flow: Flow;
  readonly contact: Uri | undefined;
  readonly sipCallId: string;
  readonly userAgent: string | undefined;
  readonly maxForwards: number;
}

export interface CallOptions {
  readonly callRef: CallRef;
  /** What identifies the caller's INVITE. */
  readonly inviteKey: string;
  readonly environment: CallEnvironment;
  /** Kept until the call is over, whatever is activated meanwhile. */
  readonly configuration: CallConfiguration;
  readonly caller: CallFacts['caller'];
  /** Without a phone PIN. */
  readonly dialled: string;
  readonly phonePin: Secret | undefined;
  readonly phone: CallerPhone;
  /** The caller's; undefined when it leaves the offer to the callee. */
  readonly offer: SessionDescription | undefined;
}

/** The caller's INVITE, which its leg will answer. */
export interface CallerInvite {
  readonly request: SipRequest;
  readonly transaction: ServerTransaction;
}

const defaultMaxForwards = 70;

export function toCallerPhone({ request, transaction }: CallerInvite): CallerPhone {
  const { contacts } = request;
  return {
    flow: transaction.flow,
    contact: contacts === '*' ? undefined : contacts[0]?.uri,
    sipCallId: request.callId,
    userAgent: request.headers.get('User-Agent')?.slice(0, 128),
    maxForwards: request.maxForwards ?? defaultMaxForwards,
  };
}
