/** One value of the Via header field (RFC 3261 §20.42). */
import { isAllOf, skipBlanks, tokenClass, trimBlanksEnd } from './character-class.ts';
import { parseParameters, serializeParameters, type Parameters } from './parameters.ts';
import { failParse } from './sip-parse-error.ts';
import { findHostEnd, findPortEnd, parseHost, parsePort, serializeHost } from './host-port.ts';

export interface Via {
  /** Upper case: `UDP`, `TCP` … */
  readonly protocol: string;
  /** Lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port?: number;
  readonly parameters: Parameters;
  readonly branch?: string;
}

export function parseVia(text: string): Via {
  const length = text.length;
  const protocolStart = text.startsWith('SIP/2.0/') ? 8 : skipSentProtocol(text);
  let protocolEnd = protocolStart;
  while (protocolEnd < length) {
    const code = text.charCodeAt(protocolEnd);
    if (code === 32 || code === 9) {
      break;
    }
    protocolEnd++;
  }
  if (
    protocolEnd === protocolStart ||
    protocolEnd === length ||
    !isAllOf(text, tokenClass, protocolStart, protocolEnd)
  ) {
    failParse('via', 'invalid transport in Via', { offset: protocolStart });
  }
  const hostStart = skipBlanks(text, protocolEnd, length);
  const hostEnd = findHostEnd(text, hostStart);
  const host = parseHost(text, hostStart, hostEnd);
  let index = skipBlanks(text, hostEnd, length);
  let port: number | undefined;
  if (text.charCodeAt(index) === 58) {
    const portStart = skipBlanks(text, index + 1, length);
    const portEnd = findPortEnd(text, portStart);
    port = parsePort(text, portStart, portEnd);
    index = portEnd;
  }
  const protocol = text.slice(protocolStart, protocolEnd).toUpperCase();
  const parameters = parseParameters(text, index);
  const branch = parameters.get('branch');
  return {
    protocol,
    host,
    ...(port === undefined ? undefined : { port }),
    parameters,
    ...(branch === undefined ? undefined : { branch }),
  };
}

/**
 * `SIP / 2.0 /` with white space around the slashes: rare, legal. The version may be any: it is
 * judged in the start line, and a request of another version can be answered only by its Via.
 */
function skipSentProtocol(text: string): number {
  const nameEnd = text.indexOf('/');
  const versionEnd = text.indexOf('/', nameEnd + 1);
  const name = text.slice(0, trimBlanksEnd(text, 0, Math.max(0, nameEnd)));
  const versionStart = skipBlanks(text, nameEnd + 1, text.length);
  if (
    versionEnd <= versionStart ||
    name.toUpperCase() !== 'SIP' ||
    !isAllOf(text, tokenClass, versionStart, trimBlanksEnd(text, versionStart, versionEnd))
  ) {
    failParse('via', 'Via does not begin with SIP and a version', { offset: 0 });
  }
  return skipBlanks(text, versionEnd + 1, text.length);
}

/** `branch` is taken from the parameters where it stands in both. */
export function serializeVia(via: Via): string {
  let text = `SIP/2.0/${via.protocol} ${serializeHost(via.host)}`;
  if (via.port !== undefined) {
    text += `:${String(via.port)}`;
  }
  text += serializeParameters(via.parameters);
  return via.branch === undefined || via.parameters.has('branch')
    ? text
    : `${text};branch=${via.branch}`;
}
