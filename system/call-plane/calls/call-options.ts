/** What one call is made of. */
import type { CallRef } from '../../foundation/ids.ts';
import type { Secret } from '../../foundation/secret.ts';
import type { CallFacts } from '../../routing/route-call.ts';
import type { SessionDescription } from '../sdp/session-description.ts';
import type { SipRequest } from '../sip/messages/message.ts';
import type { ServerTransaction } from '../sip/transactions/server-transaction.ts';
import type { CallConfiguration, CallEnvironment } from './call-environment.ts';

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
  readonly request: SipRequest;
  readonly transaction: ServerTransaction;
  /** The caller's; undefined when it leaves the offer to the callee. */
  readonly offer: SessionDescription | undefined;
}
