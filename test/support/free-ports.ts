/** Ports for a daemon under test that nothing else has: asked from the kernel, never fixed. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Free TCP ports on 127.0.0.1; the kernel does not hand the same one out again soon. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map((server) => new Promise<void>((done) => server.close(() => done()))),
  );
  return ports;
}

/** A start for an RTP range of `size` ports below the kernel's own range, different per process and call. */
export function chooseRtpRange(size = 200): { rtpPortMin: number; rtpPortMax: number } {
  const lowest = 10_000;
  const highest = 32_000 - size;
  const rtpPortMin = (lowest + Math.floor(Math.random() * (highest - lowest))) & ~1;
  return { rtpPortMin, rtpPortMax: rtpPortMin + size - 1 };
}
