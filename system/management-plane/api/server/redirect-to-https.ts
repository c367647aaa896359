/**
 * What plain HTTP does for people: lead to HTTPS, and tell a watcher on the same machine the state.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { sourceOf } from '../request/source-address.ts';

const hostName = /^(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])$/;
const readingMethods = new Set(['GET', 'HEAD']);

export function redirectToHttps(
  request: IncomingMessage,
  response: ServerResponse,
  httpsPort: number,
  healthState: () => string,
): void {
  // A body is never read here: after an answer the connection ends.
  response.setHeader('Connection', 'close');
  if (isHealthCheck(request)) {
    const state = healthState();
    response.writeHead(state === 'running' ? 200 : 503, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ state }));
    return;
  }
  const host = hostOf(request);
  if (host === undefined) {
    response.writeHead(400).end();
    return;
  }
  const port = httpsPort === 443 ? '' : `:${String(httpsPort)}`;
  const path = request.url?.startsWith('/') === true ? request.url : '/';
  // 308 keeps method and body: a program that posts to HTTP learns it from the new address.
  const status = readingMethods.has(request.method ?? '') ? 301 : 308;
  response.writeHead(status, {
    Location: `https://${host}${port}${path}`,
    'Cache-Control': 'no-store',
  });
  response.end();
}

function isHealthCheck(request: IncomingMessage): boolean {
  const source = sourceOf(request);
  return request.url === '/api/v1/health' && (source === '::1' || source.startsWith('127.'));
}

/** The host as the client named it, without its port; where it was reached when it named none. */
function hostOf(request: IncomingMessage): string | undefined {
  const named = request.headers.host?.replace(/:\d{1,5}$/, '');
  if (named !== undefined && named !== '') {
    return hostName.test(named) ? named : undefined;
  }
  const address = request.socket.localAddress?.replace(/^::ffff:/, '');
  return address !== undefined && isIPv6(address) ? `[${address}]` : address;
}
