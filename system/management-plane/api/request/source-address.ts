/**
 * Where a request came from. Forwarding headers are not believed: anyone can send them, and no
 * proxy stands in front of the appliance.
 */
import type { IncomingMessage } from 'node:http';

export function sourceOf(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
