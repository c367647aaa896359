/**
 * SIP and SIPS URIs (RFC 3261 §19.1), tel URIs (RFC 3966) and, opaquely, URIs of other schemes.
 * Parsed values are unescaped; serializing escapes them again.
 */
import {
  anyUriClass,
  classOf,
  isAllOf,
  passwordClass,
  tokenClass,
  uriHeadersClass,
  uriParameterClass,
  userClass,
} from './character-class.ts';
import { escapeUriText, unescapeUriText } from './escape.ts';
import { findHostEnd, findPortEnd, parseHost, parsePort, serializeHost } from './host-port.ts';
import { messageLimits } from './message-limits.ts';
import { noParameters, type Parameters } from './parameters.ts';
import { failParse } from './sip-parse-error.ts';

export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  readonly user?: string;
  readonly password?: string;
  /** Lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port?: number;
  readonly parameters: Parameters;
  /** What follows the `?`, still escaped; empty where there is none. */
  readonly headers: string;
}

export interface TelUri {
  readonly scheme: 'tel';
  /** Without visual separators. */
  readonly number: string;
  readonly parameters: Parameters;
}

export interface OpaqueUri {
  readonly scheme: 'other';
  readonly text: string;
}

export type Uri = SipUri | TelUri | OpaqueUri;

export interface SipUriParts {
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
  readonly parameters?: Parameters;
}

export function createSipUri(parts: SipUriParts): SipUri {
  return {
    scheme: 'sip',
    ...(parts.user === undefined ? {} : { user: parts.user }),
    host: parts.host.toLowerCase(),
    ...(parts.port === undefined ? {} : { port: parts.port }),
    parameters: parts.parameters ?? noParameters,
    headers: '',
  };
}

export function parseUri(text: string): Uri {
  if (text.length > messageLimits.uriChars) {
    failParse('uri', 'URI too long', { status: 414 });
  }
  const colon = text.indexOf(':');
  switch (colon) {
    case 3: {
      const scheme = text.slice(0, 3).toLowerCase();
      if (scheme === 'sip') {
        return parseSipUri('sip', text, 4);
      }
      return scheme === 'tel' ? parseTelUri(text) : parseOpaqueUri(text, colon);
    }
    case 4:
      return text.slice(0, 4).toLowerCase() === 'sips'
        ? parseSipUri('sips', text, 5)
        : parseOpaqueUri(text, colon);
    default:
      return parseOpaqueUri(text, colon);
  }
}

function parseSipUri(scheme: 'sip' | 'sips', text: string, start: number): SipUri {
  const at = text.indexOf('@', start);
  let user: string | undefined;
  let password: string | undefined;
  let hostStart = start;
  if (at >= 0) {
    const colon = text.indexOf(':', start);
    const userEnd = colon >= 0 && colon < at ? colon : at;
    if (userEnd === start) {
      failParse('uri', 'empty user part', { offset: start });
    }
    user = unescapeComponent(text, userClass, start, userEnd);
    if (userEnd < at) {
      password = unescapeComponent(text, passwordClass, userEnd + 1, at);
    }
    hostStart = at + 1;
  }
  let index = findHostEnd(text, hostStart);
  const host = parseHost(text, hostStart, index);
  let port: number | undefined;
  if (text.charCodeAt(index) === 58) {
    const portStart = index + 1;
    index = findPortEnd(text, portStart);
    port = parsePort(text, portStart, index);
  }
  let parameters = noParameters;
  if (text.charCodeAt(index) === 59) {
    const question = text.indexOf('?', index);
    const end = question < 0 ? text.length : question;
    parameters = parseUriParameters(text, index, end);
    index = end;
  }
  let headers = '';
  if (text.charCodeAt(index) === 63) {
    headers = text.slice(index + 1);
    if (headers === '' || !isAllOf(headers, uriHeadersClass)) {
      failParse('uri', 'invalid headers in URI', { offset: index });
    }
    index = text.length;
  }
  if (index < text.length) {
    failParse('uri', 'unexpected character in URI', { offset: index });
  }
  return createParsedSipUri(scheme, user, password, host, port, parameters, headers);
}

/** Absent properties are really absent, and the usual shapes are few (fast property access). */
function createParsedSipUri(
  scheme: 'sip' | 'sips',
  user: string | undefined,
  password: string | undefined,
  host: string,
  port: number | undefined,
  parameters: Parameters,
  headers: string,
): SipUri {
  if (password !== undefined) {
    return {
      scheme,
      user: user ?? '',
      password,
      host,
      ...(port === undefined ? {} : { port }),
      parameters,
      headers,
    };
  }
  if (user === undefined) {
    return port === undefined
      ? { scheme, host, parameters, headers }
      : { scheme, host, port, parameters, headers };
  }
  return port === undefined
    ? { scheme, user, host, parameters, headers }
    : { scheme, user, host, port, parameters, headers };
}

function unescapeComponent(text: string, mask: number, start: number, end: number): string {
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code !== 37 && (classOf(code) & mask) === 0) {
      failParse('uri', 'character must be escaped in URI', { offset: index });
    }
  }
  return unescapeUriText(text.slice(start, end));
}

/** Parses `*( ";" name [ "=" value ] )`; no white space, escapes allowed, no quoting. */
function parseUriParameters(text: string, start: number, end: number): Parameters {
  const parameters = new Map<string, string | undefined>();
  let index = start;
  while (index < end) {
    const semicolon = text.indexOf(';', index + 1);
    const partEnd = semicolon < 0 || semicolon > end ? end : semicolon;
    const equals = text.indexOf('=', index + 1);
    const nameEnd = equals < 0 || equals > partEnd ? partEnd : equals;
    if (nameEnd === index + 1) {
      failParse('uri', 'empty URI parameter', { offset: index });
    }
    const name = unescapeComponent(text, uriParameterClass, index + 1, nameEnd).toLowerCase();
    if (!parameters.has(name)) {
      if (parameters.size >= messageLimits.parameters) {
        failParse('uri', 'too many URI parameters', { offset: index });
      }
      parameters.set(
        name,
        nameEnd === partEnd
          ? undefined
          : unescapeComponent(text, uriParameterClass, nameEnd + 1, partEnd),
      );
    }
    index = partEnd;
  }
  return parameters;
}

function parseTelUri(text: string): TelUri {
  const semicolon = text.indexOf(';');
  const end = semicolon < 0 ? text.length : semicolon;
  let number = '';
  for (let index = 4; index < end; index++) {
    const character = text.charAt(index);
    if (character === '+' ? number === '' : '0123456789*#ABCDabcd'.includes(character)) {
      number += character;
    } else if (!'-.()'.includes(character)) {
      failParse('uri', 'invalid character in telephone number', { offset: index });
    }
  }
  if (number === '' || number === '+') {
    failParse('uri', 'empty telephone number');
  }
  return {
    scheme: 'tel',
    number,
    parameters: end === text.length ? noParameters : parseUriParameters(text, end, text.length),
  };
}

function parseOpaqueUri(text: string, colon: number): OpaqueUri {
  const first = text.charCodeAt(0) | 32;
  const isScheme = colon > 0 && first >= 97 && first <= 122 && isAllOf(text, tokenClass, 0, colon);
  if (!isScheme || colon === text.length - 1) {
    failParse('uri', 'not a URI', { offset: 0 });
  }
  if (!isAllOf(text, anyUriClass, colon + 1)) {
    failParse('uri', 'character must be escaped in URI');
  }
  return { scheme: 'other', text };
}

export function serializeUri(uri: Uri): string {
  if (uri.scheme === 'other') {
    return uri.text;
  }
  if (uri.scheme === 'tel') {
    return `tel:${uri.number}${serializeUriParameters(uri.parameters)}`;
  }
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined) {
    text += escapeUriText(uri.user, userClass);
    if (uri.password !== undefined) {
      text += `:${escapeUriText(uri.password, passwordClass)}`;
    }
    text += '@';
  }
  text += serializeHost(uri.host);
  if (uri.port !== undefined) {
    text += `:${String(uri.port)}`;
  }
  text += serializeUriParameters(uri.parameters);
  return uri.headers === '' ? text : `${text}?${uri.headers}`;
}

function serializeUriParameters(parameters: Parameters): string {
  let text = '';
  for (const [name, value] of parameters) {
    text += `;${escapeUriText(name, uriParameterClass)}`;
    if (value !== undefined) {
      text += `=${escapeUriText(value, uriParameterClass)}`;
    }
  }
  return text;
}
