/** Ports for a daemon under test that nothing else has: asked from the kernel, never fixed. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

interface HeldPort {
  readonly port: number;
  readonly release: () => Promise<void>;
}

/** Ports free on 127.0.0.1 for TCP and UDP; the kernel does not hand the same one out again soon. */
export async function findFreePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, holdPort));
  await Promise.all(held.map(({ release }) => release()));
  return held.map(({ port }) => port);
}

async function holdPort(): Promise<HeldPort> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const socket = createSocket('udp4');
  const isFree = await new Promise<boolean>((done) => {
    socket.once('error', () => done(false));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => done(true));
  });
  if (isFree) {
    return {
      port,
      release: async () => {
        socket.close();
        await new Promise<void>((done) => server.close(() => done()));
      },
    };
  }
  // Somebody has this number for UDP: hold on to it until another one is found.
  const other = await holdPort();
  await new Promise<void>((done) => server.close(() => done()));
  return other;
}

/** A start for an RTP range of `size` ports below the kernel's own range, different per process and call. */
export function chooseRtpRange(size = 200): { rtpPortMin: number; rtpPortMax: number } {
  const lowest = 10_000;
  const highest = 32_000 - size;
  const rtpPortMin = (lowest + Math.floor(Math.random() * (highest - lowest))) & ~1;
  return { rtpPortMin, rtpPortMax: rtpPortMin + size - 1 };
}
