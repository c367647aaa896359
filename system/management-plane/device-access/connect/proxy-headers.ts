/**
 * Header fields on their way through Connect. What a device says about anything but its own page is left
 * out: security policies, cross-origin permissions and stores of the browser belong to the whole host. Pure.
 */
import {
  validateHeaderName,
  validateHeaderValue,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http';

/** Scheme, address and port of the device. */
export interface DeviceOrigin {
  readonly scheme: 'http' | 'https';
  /** IPv6 without brackets. */
  readonly address: string;
}

/** RFC 9110 §7.6.1, and what would say where the page is shown. */
const notToDevice: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'cookie'],
  ...['transfer-encoding', 'proxy-authorization', 'host', 'origin', 'referer', 'expect'],
]);

const notToBrowser: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'trailer', 'upgrade', 'set-cookie'],
  ...['transfer-encoding', 'proxy-authenticate', 'location', 'strict-transport-security'],
  ...['clear-site-data', 'alt-svc', 'public-key-pins', 'report-to', 'reporting-endpoints', 'nel'],
  ...['service-worker-allowed', 'content-security-policy', 'link', 'refresh', 'sourcemap'],
  ...['cross-origin-opener-policy', 'referrer-policy', 'content-security-policy-report-only'],
]);

/** A page may use itself and nothing else: not the WMS of the same host, not the network behind it. */
const policy = [
  "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "base-uri 'self'",
  "worker-src 'none'",
  "object-src 'none'",
].join('; ');

export function toDeviceHeaders(
  headers: IncomingHttpHeaders,
  device: DeviceOrigin,
  cookie: string | undefined,
): OutgoingHttpHeaders {
  const out: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !notToDevice.has(name) && !name.startsWith('sec-')) {
      out[name] = value;
    }
  }
  const origin = toOrigin(device);
  out.host = origin.slice(origin.indexOf('//') + 2);
  if (headers.origin !== undefined) {
    out.origin = origin;
  }
  const path = pathOf(headers.referer);
  if (path !== undefined) {
    out.referer = `${origin}${path}`;
  }
  if (cookie !== undefined) {
    out.cookie = cookie;
  }
  return out;
}

export function toBrowserHeaders(
  headers: IncomingHttpHeaders,
  setCookie: readonly string[],
  location: string | undefined,
): OutgoingHttpHeaders {
  const out: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    const isDropped = notToBrowser.has(name) || name.startsWith('access-control-');
    if (value !== undefined && !isDropped && maySend(name, value)) {
      out[name] = value;
    }
  }
  if (headers['transfer-encoding'] !== undefined) {
    // RFC 9112 §6.3: that says where the body ends; with a wrong length, too, the rest would be an answer.
    delete out['content-length'];
  }
  out['content-security-policy'] = policy;
  out['cross-origin-opener-policy'] = 'same-origin';
  out['referrer-policy'] = 'same-origin';
  if (setCookie.length > 0) {
    out['set-cookie'] = [...setCookie];
  }
  if (location !== undefined) {
    out.location = location;
  }
  return out;
}

/** Devices are read leniently, and what they may write, Node does not send: it would throw. */
function maySend(name: string, value: string | string[]): boolean {
  try {
    validateHeaderName(name);
    for (const one of [value].flat()) {
      validateHeaderValue(name, one);
    }
    return true;
  } catch {
    return false;
  }
}

/** `elsewhere`: to another host, which Connect does not open. */
export type Redirect =
  | { readonly kind: 'none' }
  | { readonly kind: 'here'; readonly location: string; readonly scheme: DeviceOrigin['scheme'] }
  | { readonly kind: 'elsewhere'; readonly host: string };

/** Where a Location field leads. */
export function readRedirect(
  location: string | undefined,
  device: DeviceOrigin,
  requestPath: string,
): Redirect {
  if (location === undefined) {
    return { kind: 'none' };
  }
  const base = `${toOrigin(device)}${requestPath}`;
  if (!URL.canParse(location, base)) {
    return { kind: 'elsewhere', host: 'an address that cannot be read' };
  }
  const url = new URL(location, base);
  const isKnown = url.protocol === 'http:' || url.protocol === 'https:';
  const isSame = url.hostname === new URL(toOrigin(device)).hostname && url.port === '';
  if (!isKnown || !isSame) {
    return { kind: 'elsewhere', host: url.host };
  }
  const path = `${url.pathname}${url.search}${url.hash}`;
  // Two slashes at the front would name a host to the browser.
  return {
    kind: 'here',
    location: path.replace(/^\/+/, '/'),
    scheme: url.protocol === 'https:' ? 'https' : 'http',
  };
}

function toOrigin({ scheme, address }: DeviceOrigin): string {
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}`;
}

function pathOf(referer: string | undefined): string | undefined {
  if (referer === undefined || !URL.canParse(referer)) {
    return undefined;
  }
  const { pathname, search } = new URL(referer);
  return pathname === ticketPath ? undefined : `${pathname}${search}`;
}

/** Where a browser shows its ticket; no device has it. */
export const ticketPath = '/.campanile-connect';
