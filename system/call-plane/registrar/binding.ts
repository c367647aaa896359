/** One binding of an address-of-record to a contact (RFC 3261 §10). */
import type { UserId } from '../../foundation/ids.ts';
import { parseUri, type SipUri } from '../sip/messages/uri.ts';
import type { Flow } from '../sip/transport.ts';

export interface Binding {
  readonly userId: UserId;
  /** The contact's URI as the phone gave it: what is answered and compared. */
  readonly contact: string;
  /** The way the registration came: behind a NAT the only way back (RFC 3581, RFC 5626). */
  readonly flow: Flow;
  readonly callId: string;
  readonly cseq: number;
  /** 0 to 1. */
  readonly q: number;
  /** On the registrar's clock, which begins as the wall clock and then never jumps. */
  readonly expiresAtMs: number;
  readonly registeredAtMs: number;
  readonly userAgent: string;
  /** `+sip.instance` without its quotes. */
  readonly instanceId: string | undefined;
  /** `reg-id`: which of its flows of one instance this is. */
  readonly regId: number | undefined;
  /** MAC of the device whose own account it registered with. */
  readonly device: string | undefined;
}

/**
 * What a request to this binding has as Request-URI: the contact without what must not stand
 * there, headers and the method parameter (§19.1.1, table 1).
 */
export function toRequestUri(binding: Binding): SipUri {
  const uri = parseUri(binding.contact);
  if (uri.scheme !== 'sip' && uri.scheme !== 'sips') {
    throw new Error('the registrar binds SIP and SIPS URIs only');
  }
  if (uri.headers === '' && !uri.parameters.has('method')) {
    return uri;
  }
  const parameters = new Map(uri.parameters);
  parameters.delete('method');
  return { ...uri, parameters, headers: '' };
}
