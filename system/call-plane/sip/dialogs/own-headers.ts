/** What our user agents say about themselves in every dialog (RFC 3261 §8, §20). */
import type { HeaderLines } from '../messages/header-fields.ts';
import type { SipRequest } from '../messages/message.ts';
import { serializeHost } from '../messages/host-port.ts';
import type { Flow } from '../transport.ts';

/** RFC 3261 §20.5. PRACK is missing: reliable provisional responses (RFC 3262) are not offered. */
export const allowedMethods = 'INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO';
/** RFC 3261 §20.37: the extensions a peer may require. */
export const supportedOptions = 'timer';
const supportedOptionTags: ReadonlySet<string> = new Set(['timer']);

/** Methods of other RFCs that we know and do not offer: 405; anything else is 501 (§21.5.2). */
const knownMethods: ReadonlySet<string> = new Set([
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'UPDATE',
  'INFO',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'REFER',
  'MESSAGE',
]);

const allowHeader = ['Allow', allowedMethods] as const;
const supportedHeader = ['Supported', supportedOptions] as const;
export const sdpContentType = ['Content-Type', 'application/sdp'] as const;

/** Our Contact on that flow: the address at which this peer reaches us. */
export function contactOf(flow: Flow): string {
  const transport = flow.protocol === 'udp' ? '' : `;transport=${flow.protocol}`;
  return `<sip:pbx@${serializeHost(flow.localAddress)}:${String(flow.localPort)}${transport}>`;
}

/** The header fields of an INVITE or UPDATE and of its 2xx; `Content-Type` when a body follows. */
export function targetRefreshHeaders(
  flow: Flow,
  body: Buffer | undefined,
  more: HeaderLines,
): (readonly [name: string, value: string])[] {
  const headers: (readonly [string, string])[] = [
    ['Contact', contactOf(flow)],
    allowHeader,
    supportedHeader,
    ...more,
  ];
  if (body !== undefined) {
    headers.push(sdpContentType);
  }
  return headers;
}

/** What an OPTIONS is told (RFC 3261 §11.2). */
export function capabilityHeaders(): (readonly [name: string, value: string])[] {
  return [
    allowHeader,
    ['Accept', 'application/sdp, application/dtmf-relay, application/dtmf'],
    ['Accept-Encoding', 'identity'],
    ['Accept-Language', 'en'],
    supportedHeader,
  ];
}

/** The option tags in Require that we do not support: answer 420 (RFC 3261 §8.2.2.3). */
export function unsupportedOptions(request: SipRequest): readonly string[] {
  return request.headers.has('Require')
    ? request.headers.getAll('Require').filter((tag) => !supportedOptionTags.has(tag.toLowerCase()))
    : [];
}

/** 405 for a method that exists and is not offered here, 501 for one that nobody knows. */
export function statusForMethod(method: string): 405 | 501 {
  return knownMethods.has(method) ? 405 : 501;
}

/** Whether the peer said in Allow that it takes this method. */
export function allowsMethod(values: readonly string[], method: string): boolean {
  return values.some((value) => value.toUpperCase() === method);
}
