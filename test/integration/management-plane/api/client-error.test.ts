import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { answerClientError } from '../../../../system/management-plane/api/server/client-error.ts';

test.each([
  ['a connection opened ahead of need, on which no request came in time', '', '408'],
  ['bytes that are not HTTP', 'rubbish\r\n\r\n', '400'],
  ['headers beyond the limit', `GET / HTTP/1.1\r\nX: ${'x'.repeat(2_000)}\r\n\r\n`, '431'],
])('the answer to %s tells what was wrong (RFC 9110 §15.5)', async (_, bytes, status) => {
  const server = createServer({ maxHeaderSize: 1_000, connectionsCheckingInterval: 20 });
  server.headersTimeout = 100;
  server.on('clientError', answerClientError);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  server.close();
});
