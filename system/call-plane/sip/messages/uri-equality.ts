/** Whether two URIs mean the same, by the rules of their schemes. */
import type { Parameters } from './parameters.ts';
import type { Uri } from './uri.ts';

/** Whether two URIs are equivalent (RFC 3261 §19.1.4, RFC 3966 §5). */
export function isEqualUri(a: Uri, b: Uri): boolean {
  if (a.scheme === 'other' || b.scheme === 'other') {
    return a.scheme === 'other' && b.scheme === 'other' && a.text === b.text;
  }
  if (a.scheme === 'tel' || b.scheme === 'tel') {
    return (
      a.scheme === 'tel' &&
      b.scheme === 'tel' &&
      a.number.toLowerCase() === b.number.toLowerCase() &&
      a.parameters.size === b.parameters.size &&
      areParametersEqual(a.parameters, b.parameters, isAlwaysSignificant)
    );
  }
  return (
    a.scheme === b.scheme &&
    a.user === b.user &&
    a.password === b.password &&
    a.host.toLowerCase() === b.host.toLowerCase() &&
    a.port === b.port &&
    areParametersEqual(a.parameters, b.parameters, isSignificantAlone) &&
    areParametersEqual(b.parameters, a.parameters, isSignificantAlone) &&
    areHeadersEqual(a.headers, b.headers)
  );
}

function areParametersEqual(
  a: Parameters,
  b: Parameters,
  isSignificant: (name: string) => boolean,
): boolean {
  for (const [name, value] of a) {
    if (!b.has(name)) {
      if (isSignificant(name)) {
        return false;
      }
    } else if (value?.toLowerCase() !== b.get(name)?.toLowerCase()) {
      return false;
    }
  }
  return true;
}

function isAlwaysSignificant(): boolean {
  return true;
}

/**
 * Parameters that make a difference even when only one of the URIs has them. The rules name user,
 * ttl, method and maddr; the examples of the same section add transport.
 */
function isSignificantAlone(name: string): boolean {
  return (
    name === 'transport' ||
    name === 'user' ||
    name === 'ttl' ||
    name === 'method' ||
    name === 'maddr'
  );
}

function areHeadersEqual(a: string, b: string): boolean {
  return a === b || normalizeHeaders(a) === normalizeHeaders(b);
}

function normalizeHeaders(headers: string): string {
  return headers
    .split('&')
    .map((header) => {
      const equals = header.indexOf('=');
      return equals < 0
        ? header.toLowerCase()
        : header.slice(0, equals).toLowerCase() + header.slice(equals);
    })
    .sort()
    .join('&');
}
