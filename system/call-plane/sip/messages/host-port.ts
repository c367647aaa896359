/** Host and port as they stand in URIs and Via (RFC 3261 §25.1 `hostport`). */
import { classOf, hostClass, parseDigits } from './character-class.ts';
import { messageLimits } from './message-limits.ts';
import { failParse } from './sip-parse-error.ts';

/** The end of a host that starts at `start`: the position of `:`, `;`, `?` or the end. */
export function findHostEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === 91) {
    const close = text.indexOf(']', start);
    return close < 0 ? text.length : close + 1;
  }
  let index = start;
  while (index < text.length && (classOf(text.charCodeAt(index)) & hostClass) !== 0) {
    index++;
  }
  return index;
}

/** A host name, IPv4 address or bracketed IPv6 address: in lower case and without brackets. */
export function parseHost(text: string, start: number, end: number): string {
  if (end - start > messageLimits.hostChars) {
    failParse('uri', 'host too long', { offset: start });
  }
  if (text.charCodeAt(start) === 91) {
    const address = text.slice(start + 1, end - 1);
    if (text.charCodeAt(end - 1) !== 93 || !isIpv6Text(address)) {
      failParse('uri', 'invalid IPv6 address', { offset: start });
    }
    return address.toLowerCase();
  }
  if (end <= start) {
    failParse('uri', 'empty host', { offset: start });
  }
  return text.slice(start, end).toLowerCase();
}

/** Whether this can only be an IPv6 address; the socket has the last word on its digits. */
function isIpv6Text(text: string): boolean {
  let colons = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 58) {
      colons++;
    } else if (
      !(code >= 48 && code <= 57) &&
      !(code >= 65 && code <= 70) &&
      !(code >= 97 && code <= 102) &&
      code !== 46
    ) {
      return false;
    }
  }
  return colons >= 2 && text.length <= 45;
}

export function findPortEnd(text: string, start: number): number {
  let index = start;
  while (index < text.length && index - start < 6) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) {
      break;
    }
    index++;
  }
  return index;
}

export function parsePort(text: string, start: number, end: number): number {
  const port = parseDigits(text, start, end);
  if (port === undefined || port > 65_535) {
    failParse('uri', 'invalid port', { offset: start });
  }
  return port;
}

/** A host as it stands in URIs and Via: IPv6 addresses in brackets. */
export function serializeHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
