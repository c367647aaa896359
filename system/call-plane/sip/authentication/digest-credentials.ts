/** What a client sends in an Authorization header field (RFC 7616 §3.4, RFC 3261 §20.7). */
import {
  isAllOf,
  isBlank,
  skipBlanks,
  tokenClass,
  trimBlanksEnd,
} from '../messages/character-class.ts';
import { findClosingQuote, unquote } from '../messages/escape.ts';

const maximumParameters = 32;
const maximumChars = 2_048;

export type DigestAlgorithm = 'MD5' | 'SHA-256';

export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  /** Lower case hexadecimal. */
  readonly response: string;
  /** Undefined: an algorithm we never offer. */
  readonly algorithm: DigestAlgorithm | undefined;
  readonly qop: string | undefined;
  readonly cnonce: string | undefined;
  /** Eight hexadecimal digits as sent. */
  readonly nonceCount: string | undefined;
}

/**
 * Parses the credentials. `'other-scheme'` where they are not Digest; undefined where they are
 * malformed or incomplete.
 */
export function parseDigestCredentials(
  text: string,
): DigestCredentials | 'other-scheme' | undefined {
  if (text.length > maximumChars) {
    return undefined;
  }
  if (text.slice(0, 6).toLowerCase() !== 'digest' || !isBlank(text.charCodeAt(6))) {
    return 'other-scheme';
  }
  const parameters = parseAuthParameters(text, 7);
  if (parameters === undefined) {
    return undefined;
  }
  const username = parameters.get('username');
  const realm = parameters.get('realm');
  const nonce = parameters.get('nonce');
  const uri = parameters.get('uri');
  const response = parameters.get('response');
  if (
    username === undefined ||
    realm === undefined ||
    nonce === undefined ||
    uri === undefined ||
    response === undefined
  ) {
    return undefined;
  }
  return {
    username,
    realm,
    nonce,
    uri,
    response: response.toLowerCase(),
    algorithm: toAlgorithm(parameters.get('algorithm')),
    qop: parameters.get('qop')?.toLowerCase(),
    cnonce: parameters.get('cnonce'),
    nonceCount: parameters.get('nc'),
  };
}

function toAlgorithm(text: string | undefined): DigestAlgorithm | undefined {
  switch (text?.toUpperCase()) {
    case undefined:
    case 'MD5':
      return 'MD5';
    case 'SHA-256':
      return 'SHA-256';
    default:
      return undefined;
  }
}

/** `auth-param` separated by commas; a name that comes twice makes all of it malformed. */
function parseAuthParameters(text: string, start: number): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  const length = text.length;
  let index = skipBlanks(text, start, length);
  while (index < length) {
    const equals = text.indexOf('=', index);
    if (equals < 0) {
      return undefined;
    }
    const nameEnd = trimBlanksEnd(text, index, equals);
    if (nameEnd === index || !isAllOf(text, tokenClass, index, nameEnd)) {
      return undefined;
    }
    const name = text.slice(index, nameEnd).toLowerCase();
    const valueStart = skipBlanks(text, equals + 1, length);
    let value: string;
    if (text.charCodeAt(valueStart) === 34) {
      const close = findClosingQuote(text, valueStart, length);
      if (close < 0) {
        return undefined;
      }
      value = unquote(text, valueStart + 1, close);
      index = skipBlanks(text, close + 1, length);
    } else {
      const comma = text.indexOf(',', valueStart);
      index = comma < 0 ? length : comma;
      value = text.slice(valueStart, trimBlanksEnd(text, valueStart, index));
      if (value === '' || !isAllOf(value, tokenClass)) {
        return undefined;
      }
    }
    if (parameters.has(name) || parameters.size === maximumParameters) {
      return undefined;
    }
    parameters.set(name, value);
    if (index < length) {
      if (text.charCodeAt(index) !== 44) {
        return undefined;
      }
      index = skipBlanks(text, index + 1, length);
    }
  }
  return parameters;
}
