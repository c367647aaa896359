/** The canonical spelling of header field names: known names, their compact forms (§7.3.3). */
import { isAllOf, tokenClass } from './character-class.ts';

const compactForms: readonly (readonly [compact: string, name: string])[] = [
  ['a', 'Accept-Contact'],
  ['b', 'Referred-By'],
  ['c', 'Content-Type'],
  ['d', 'Request-Disposition'],
  ['e', 'Content-Encoding'],
  ['f', 'From'],
  ['i', 'Call-ID'],
  ['j', 'Reject-Contact'],
  ['k', 'Supported'],
  ['l', 'Content-Length'],
  ['m', 'Contact'],
  ['n', 'Identity-Info'],
  ['o', 'Event'],
  ['r', 'Refer-To'],
  ['s', 'Subject'],
  ['t', 'To'],
  ['u', 'Allow-Events'],
  ['v', 'Via'],
  ['x', 'Session-Expires'],
  ['y', 'Identity'],
];

/** Header fields whose value is a comma-separated list. */
const listNames = [
  'Accept',
  'Accept-Contact',
  'Accept-Encoding',
  'Accept-Language',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Call-Info',
  'Contact',
  'Content-Encoding',
  'Content-Language',
  'Diversion',
  'Error-Info',
  'History-Info',
  'In-Reply-To',
  'P-Asserted-Identity',
  'P-Associated-URI',
  'P-Preferred-Identity',
  'Path',
  'Proxy-Require',
  'Reason',
  'Recv-Info',
  'Record-Route',
  'Reject-Contact',
  'Require',
  'Route',
  'Security-Client',
  'Security-Server',
  'Security-Verify',
  'Service-Route',
  'Supported',
  'Unsupported',
  'Via',
  'Warning',
];

const singleNames = [
  'Answer-Mode',
  'Authentication-Info',
  'Authorization',
  'CSeq',
  'Call-ID',
  'Content-Disposition',
  'Content-Length',
  'Content-Type',
  'Date',
  'Event',
  'Expires',
  'Flow-Timer',
  'From',
  'Identity',
  'Identity-Info',
  'Info-Package',
  'Join',
  'MIME-Version',
  'Max-Forwards',
  'Min-Expires',
  'Min-SE',
  'Organization',
  'Priority',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'RAck',
  'RSeq',
  'Refer-Sub',
  'Refer-To',
  'Referred-By',
  'Remote-Party-ID',
  'Replaces',
  'Reply-To',
  'Request-Disposition',
  'Retry-After',
  'SIP-ETag',
  'SIP-If-Match',
  'Server',
  'Session-Expires',
  'Subject',
  'Subscription-State',
  'Target-Dialog',
  'Timestamp',
  'To',
  'User-Agent',
  'User-to-User',
  'WWW-Authenticate',
];

const lists = new Set(listNames);
const canonicalNames = new Map<string, string>();
for (const name of [...listNames, ...singleNames]) {
  canonicalNames.set(name, name);
  canonicalNames.set(name.toLowerCase(), name);
}
for (const [compact, name] of compactForms) {
  canonicalNames.set(compact, name);
  canonicalNames.set(compact.toUpperCase(), name);
}

/**
 * The one spelling a header field is stored under. Unknown names get a capital after each hyphen.
 * Undefined where the text is not a token.
 */
export function findCanonicalName(name: string): string | undefined {
  const exact = canonicalNames.get(name);
  if (exact !== undefined) {
    return exact;
  }
  const lower = name.toLowerCase();
  const known = canonicalNames.get(lower);
  if (known !== undefined) {
    return known;
  }
  if (name === '' || !isAllOf(name, tokenClass)) {
    return undefined;
  }
  return lower
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-');
}

/** Whether several values may stand in one field, separated by commas. Takes a canonical name. */
export function isListName(canonicalName: string): boolean {
  return lists.has(canonicalName);
}
