/**
 * What an HTTP request of a device asks for: its token, if any, and the normalised path behind it.
 * Addresses are `/prov/<token>/<path>` and, for first contacts, `/prov/<path>`; a phone that was told a host
 * name alone asks for `/<path>`. Pure.
 */
import { normalisePath } from '../identify/match-request.ts';

export const provisioningPrefix = '/prov/';

export interface RequestTarget {
  readonly token: string | undefined;
  /** Without leading slash. */
  readonly path: string;
}

const tokenPattern = /^[0-9a-f]{40}$/;

/** Whether the address is one of provisioning at all; phones double slashes. */
export function isProvisioningUrl(url: string): boolean {
  return url.startsWith(provisioningPrefix) || /^\/{2,4}prov\//.test(url);
}

/** The path of an address that is written whole, as to a proxy (RFC 9112 §3.2.2). */
export function toOriginForm(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * A file that is asked for without the prefix. Undefined for what is no name of a file, or one of the web
 * itself.
 */
export function parseBareTarget(url: string): RequestTarget | undefined {
  const path = normalisePath(url);
  return path === undefined || !path.includes('.') || /^(?:api|assets|prov)\//.test(path)
    ? undefined
    : { token: undefined, path };
}

/** Undefined for an address that climbs, hides characters, is too long or names nothing. */
export function parseRequestTarget(url: string): RequestTarget | undefined {
  const path = normalisePath(url);
  return path?.startsWith('prov/') === true ? splitToken(path.slice('prov/'.length)) : undefined;
}

/** The same of a normalised path without the prefix, as TFTP asks. */
export function splitToken(path: string): RequestTarget | undefined {
  const slashAt = path.indexOf('/');
  const first = slashAt === -1 ? path : path.slice(0, slashAt);
  if (!tokenPattern.test(first)) {
    return { token: undefined, path };
  }
  const rest = slashAt === -1 ? '' : path.slice(slashAt + 1);
  return rest === '' ? undefined : { token: first, path: rest };
}
