/** Percent escapes of URIs (RFC 3261 §19.1.2), always of UTF-8, and quoted strings (§25.1). */
import { classOf, isAllOf } from './character-class.ts';
import { failParse } from './sip-parse-error.ts';

/** Resolves the escapes of a URI component. Escaped bytes that are not UTF-8 are refused. */
export function unescapeUriText(text: string): string {
  if (!text.includes('%')) {
    return text;
  }
  try {
    return decodeURIComponent(text);
  } catch {
    return failParse('uri', 'invalid escape in URI');
  }
}

/** Escapes what is not in the character class `mask`. */
export function escapeUriText(text: string, mask: number): string {
  if (isAllOf(text, mask)) {
    return text;
  }
  let escaped = '';
  for (const character of text.toWellFormed()) {
    const isPlain = (classOf(character.codePointAt(0) ?? 0) & mask) !== 0;
    escaped += isPlain ? character : encodeURIComponent(character);
  }
  return escaped;
}

/** Position of the quote that closes the one at `open`, or -1. */
export function findClosingQuote(text: string, open: number, end: number): number {
  for (let index = open + 1; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === 92) {
      index++;
    } else if (code === 34) {
      return index;
    }
  }
  return -1;
}

/** The content between two quotes with its quoted pairs resolved. */
export function unquote(text: string, start: number, end: number): string {
  const content = text.slice(start, end);
  if (!content.includes('\\')) {
    return content;
  }
  let plain = '';
  for (let index = 0; index < content.length; index++) {
    if (content.charCodeAt(index) === 92) {
      index++;
    }
    plain += content.charAt(index);
  }
  return plain;
}

/**
 * A quoted string. Control characters, CR and LF among them, become spaces: no phone shows them,
 * and they are what injection is made of.
 */
export function quote(text: string): string {
  let quoted = '"';
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127) {
      quoted += ' ';
    } else if (code === 34 || code === 92) {
      quoted += `\\${text.charAt(index)}`;
    } else {
      quoted += text.charAt(index);
    }
  }
  return `${quoted}"`;
}
