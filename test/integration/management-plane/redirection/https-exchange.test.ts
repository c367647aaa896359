/** The HTTPS client of redirection services, at a peer that does not speak. */
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createHttpsExchange } from '../../../../system/management-plane/redirection/https-exchange.ts';

test('a service that takes the connection and says nothing is given up, and that is told', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const exchange = createHttpsExchange({
    version: '1.0.0',
    authority: undefined,
    timeoutMs: 100,
    signal: new AbortController().signal,
  });

  const asked = exchange({ method: 'GET', url: `https://${host}/`, headers: {} });

  await expect(asked).rejects.toMatchObject({
    code: 'unreachable',
    message: `The service does not answer at ${host}.`,
  });
  server.close();
});
