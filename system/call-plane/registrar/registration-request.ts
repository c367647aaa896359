/** What a REGISTER asks for, taken out of the message (RFC 3261 §10.3 steps 6 and 7). */
import { parseDigits } from '../sip/messages/character-class.ts';
import type { SipRequest } from '../sip/messages/message.ts';
import type { NameAddr } from '../sip/messages/name-addr.ts';
import { serializeUri, type SipUri } from '../sip/messages/uri.ts';

export interface RequestedContact {
  readonly uri: SipUri;
  readonly uriText: string;
  /** As asked for; undefined where neither the contact nor the message says anything valid. */
  readonly expiresSec: number | undefined;
  /** 0 to 1. */
  readonly q: number;
  readonly instanceId: string | undefined;
  readonly regId: number | undefined;
}

export type RegistrationRequest =
  | { readonly kind: 'fetch' }
  | { readonly kind: 'remove-all' }
  | { readonly kind: 'update'; readonly contacts: readonly RequestedContact[] }
  | { readonly kind: 'invalid'; readonly reason: string };

export function toRegistrationRequest(request: SipRequest): RegistrationRequest {
  const { contacts } = request;
  if (contacts === '*') {
    /* §10.2.2: the star stands for "remove all" and for nothing else. */
    return request.headers.get('Expires') !== undefined && request.expiresSec === 0
      ? { kind: 'remove-all' }
      : { kind: 'invalid', reason: 'Contact * Needs Expires 0' };
  }
  if (contacts.length === 0) {
    return { kind: 'fetch' };
  }
  const requested: RequestedContact[] = [];
  for (const contact of contacts) {
    const { uri } = contact;
    if (uri.scheme !== 'sip' && uri.scheme !== 'sips') {
      return { kind: 'invalid', reason: 'Contact Is Not A SIP URI' };
    }
    requested.push({
      uri,
      uriText: serializeUri(uri),
      expiresSec: toExpiresSec(contact.parameters.get('expires')) ?? request.expiresSec,
      q: toQ(contact.parameters.get('q')),
      ...toOutboundParameters(contact),
    });
  }
  return { kind: 'update', contacts: requested };
}

function toExpiresSec(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : parseDigits(text);
  return value === undefined ? undefined : Math.min(value, 0xffff_ffff);
}

/** §20.10: 0 to 1 with up to three decimals; 1 where it is absent or makes no sense. */
function toQ(text: string | undefined): number {
  if (text === undefined || !/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text)) {
    return 1;
  }
  return Number(text);
}

/** RFC 5626 §4.1: `reg-id` means something together with `+sip.instance` only. */
function toOutboundParameters(contact: NameAddr): {
  instanceId: string | undefined;
  regId: number | undefined;
} {
  const instanceId = contact.parameters.get('+sip.instance');
  const regIdText = contact.parameters.get('reg-id');
  const regId = regIdText === undefined ? undefined : parseDigits(regIdText);
  const isRegId = regId !== undefined && regId >= 1 && regId < 2 ** 31;
  return {
    instanceId: instanceId === undefined || instanceId === '' ? undefined : instanceId,
    regId: instanceId !== undefined && isRegId ? regId : undefined,
  };
}
