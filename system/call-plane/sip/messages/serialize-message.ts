/** From a message to its bytes: one string, one buffer. */
import type { SipMessage } from './message.ts';
import { serializeUri } from './uri.ts';

/** Content-Length is always that of the body, whatever the header fields say. */
export function serializeMessage(message: SipMessage): Buffer {
  const startLine =
    message.kind === 'request'
      ? `${message.method} ${serializeUri(message.requestUri)} SIP/2.0`
      : `SIP/2.0 ${String(message.status)} ${message.reason}`;
  const { body } = message;
  const head = `${toOneLine(startLine)}\r\n${message.headers.toWireText()}Content-Length: ${String(body.length)}\r\n\r\n`;
  if (body.length === 0) {
    return Buffer.from(head);
  }
  const headBytes = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafe(headBytes + body.length);
  bytes.write(head, 0, headBytes);
  bytes.set(body, headBytes);
  return bytes;
}

/** Reason phrases may come from outside: no line break may leave in them. */
function toOneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replaceAll(/[\r\n]+/g, ' ') : text;
}
