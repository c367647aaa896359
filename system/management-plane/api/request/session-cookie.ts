/** The session cookie of browsers, and nothing about what is in it. */

/**
 * The prefix keeps pages on other ports of this host (cookies know no ports) from putting one with
 * another path in front of it (RFC 6265bis §4.1.3.2).
 */
const name = '__Host-campanile_session';
const value = /^[A-Za-z0-9_-]{16,256}$/;
/** Browsers send at most a few KB of cookies for one host. */
const maxHeaderLength = 8_192;

/** The session's token out of a Cookie header (RFC 6265 §4.2); undefined when there is none. */
export function readSessionCookie(header: string | undefined): string | undefined {
  if (header === undefined || header.length > maxHeaderLength) {
    return undefined;
  }
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) {
      const token = pair.slice(equals + 1).trim();
      return value.test(token) ? token : undefined;
    }
  }
  return undefined;
}

/** A Set-Cookie that lasts as long as the browser runs; with undefined one that removes it. */
export function serializeSessionCookie(token: string | undefined): string {
  const attributes = 'Path=/; HttpOnly; Secure; SameSite=Strict';
  return token === undefined
    ? `${name}=; ${attributes}; Max-Age=0`
    : `${name}=${token}; ${attributes}`;
}
