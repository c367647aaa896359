/** Character classes of RFC 3261 §25.1 as one table of bits; everything outside ASCII is in none. */

/** `token` */
export const tokenClass = 1;
/** `user` without escapes */
export const userClass = 2;
/** `password` without escapes */
export const passwordClass = 4;
/** `paramchar` of a URI parameter without escapes */
export const uriParameterClass = 8;
/** Letters, digits, dot and hyphen; the underscore too, since host names with one are in use. */
export const hostClass = 16;
/** `hname` and `hvalue` of a URI without escapes, with `&` and `=` between them */
export const uriHeadersClass = 32;
/** What a URI of any scheme may consist of (RFC 3986 §2), escapes included. */
export const anyUriClass = 64;
/**
 * The unquoted value of a header field parameter. Wider than `token / host`: tags and branches with
 * characters such as `/`, `=` and `@` are in use, and are harmless between separators.
 */
export const parameterValueClass = 128;

const alphanum = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const unreserved = `${alphanum}-_.!~*'()`;

const classes = new Uint8Array(128);

function add(mask: number, characters: string): void {
  for (let index = 0; index < characters.length; index++) {
    const code = characters.charCodeAt(index);
    classes[code] = (classes[code] ?? 0) | mask;
  }
}

add(tokenClass, `${alphanum}-.!%*_+\`'~`);
add(userClass, `${unreserved}&=+$,;?/`);
add(passwordClass, `${unreserved}&=+$,`);
add(uriParameterClass, `${unreserved}[]/:&+$`);
add(hostClass, `${alphanum}-._`);
add(uriHeadersClass, `${unreserved}[]/?:+$&=%`);
add(anyUriClass, `${unreserved};/?:@&=+$,%#[]`);
add(parameterValueClass, `${unreserved}[]:%+\`/=@&$^#{}|`);

/** The classes of a character as a bit mask; 0 outside ASCII. */
export function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? 0) : 0;
}

/** Whether every character of `text` from `start` up to `end` is in one of the classes. */
export function isAllOf(text: string, mask: number, start = 0, end = text.length): boolean {
  for (let index = start; index < end; index++) {
    if ((classOf(text.charCodeAt(index)) & mask) === 0) {
      return false;
    }
  }
  return true;
}

/** Linear white space after unfolding. */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** The first position from `start` that is not white space, at most `end`. */
export function skipBlanks(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && isBlank(text.charCodeAt(index))) {
    index++;
  }
  return index;
}

/** The end of the text before `end` without trailing white space, at least `start`. */
export function trimBlanksEnd(text: string, start: number, end: number): number {
  let index = end;
  while (index > start && isBlank(text.charCodeAt(index - 1))) {
    index--;
  }
  return index;
}

/**
 * A number of decimal digits only, or undefined. Numbers beyond 2^53 come out inexact, which is
 * enough to see that they are out of every range.
 */
export function parseDigits(text: string, start = 0, end = text.length): number | undefined {
  if (start >= end) {
    return undefined;
  }
  let value = 0;
  for (let index = start; index < end; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) {
      return undefined;
    }
    value = value * 10 + digit;
  }
  return value;
}
