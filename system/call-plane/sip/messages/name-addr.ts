/** `name-addr` and `addr-spec` with parameters: From, To, Contact, Route … (RFC 3261 §20.10). */
import { classOf, isBlank, skipBlanks, tokenClass, trimBlanksEnd } from './character-class.ts';
import { findClosingQuote, quote, unquote } from './escape.ts';
import { parseParameters, serializeParameters, type Parameters } from './parameters.ts';
import { failParse } from './sip-parse-error.ts';
import { parseUri, serializeUri, type Uri } from './uri.ts';

export interface NameAddr {
  /** Unquoted, in Unicode; never empty. */
  readonly displayName?: string;
  readonly uri: Uri;
  /** Of the header field, not of the URI: `tag`, `expires`, `q` … */
  readonly parameters: Parameters;
}

export function parseNameAddr(text: string): NameAddr {
  const length = text.length;
  const start = skipBlanks(text, 0, length);
  let displayName = '';
  let open: number;
  if (text.charCodeAt(start) === 34) {
    const close = findClosingQuote(text, start, length);
    if (close < 0) {
      failParse('name-addr', 'unterminated quoted string', { offset: start });
    }
    displayName = unquote(text, start + 1, close);
    open = skipBlanks(text, close + 1, length);
    if (text.charCodeAt(open) !== 60) {
      failParse('name-addr', 'expected "<" after display name', { offset: open });
    }
  } else {
    open = text.indexOf('<', start);
    if (open < 0) {
      return parseBareAddress(text, start);
    }
    displayName = parseTokenDisplayName(text, start, trimBlanksEnd(text, start, open));
  }
  const close = text.indexOf('>', open);
  if (close < 0) {
    failParse('name-addr', 'expected ">" after URI', { offset: open });
  }
  const uri = parseUri(text.slice(open + 1, close));
  const parameters = parseParameters(text, close + 1);
  return displayName === '' ? { uri, parameters } : { displayName, uri, parameters };
}

/**
 * Without angle brackets everything behind the first semicolon belongs to the header field, and
 * the URI may have neither comma nor question mark (RFC 3261 §20).
 */
function parseBareAddress(text: string, start: number): NameAddr {
  const semicolon = text.indexOf(';', start);
  const end = semicolon < 0 ? text.length : semicolon;
  const uriText = text.slice(start, trimBlanksEnd(text, start, end));
  if (uriText.includes('?') || uriText.includes(',')) {
    failParse('name-addr', 'URI with "?" or "," must be in angle brackets', { offset: start });
  }
  return { uri: parseUri(uriText), parameters: parseParameters(text, end) };
}

/** Tokens with white space between them; characters outside ASCII are let through. */
function parseTokenDisplayName(text: string, start: number, end: number): string {
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code < 128 && (classOf(code) & tokenClass) === 0 && !isBlank(code)) {
      failParse('name-addr', 'display name must be quoted', { offset: index });
    }
  }
  return text.slice(start, end);
}

export function serializeNameAddr(value: NameAddr): string {
  const address = `<${serializeUri(value.uri)}>${serializeParameters(value.parameters)}`;
  return value.displayName === undefined || value.displayName === ''
    ? address
    : `${quote(value.displayName)} ${address}`;
}
