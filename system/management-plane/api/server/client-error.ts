/** The last words to a connection whose request could not be read (RFC 9110 §15.5). */
import type { Duplex } from 'node:stream';

/**
 * Browsers open connections ahead of need and repeat a request whose connection ended with 408
 * meanwhile; any other answer they would take for that of the request, and a page would stay broken.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const head = ['Connection: close', 'Content-Length: 0'].join('\r\n');
  socket.end(`HTTP/1.1 ${statusOf(error.code)}\r\n${head}\r\n\r\n`);
}

function statusOf(code: string | undefined): string {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return '408 Request Timeout';
  }
  // Otherwise bytes that are not HTTP, e.g. plain HTTP on the port of HTTPS.
  return code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
}
