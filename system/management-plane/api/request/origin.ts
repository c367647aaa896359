/** Whether a request can have been made by a page of ours (RFC 6454, Fetch Metadata). */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * False when the browser says that another site made the request. Programs send neither header and
 * pass: they carry no cookie that somebody else could make use of.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return false;
  }
  const { origin, host } = headers;
  if (origin === undefined) {
    return true;
  }
  return host !== undefined && origin.toLowerCase() === `https://${host.toLowerCase()}`;
}
