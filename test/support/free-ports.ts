/** Ports for a daemon under test that nothing else has: asked from the kernel, never fixed. */
import { createSocket } from 'node:dgram';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** Ports below the kernel's own range, shared out to the processes that test at the same time. */
const lowestPort = 10_000;
const slicePorts = 1_100;
const sliceCount = 20;

let slice: { readonly from: number; used: number } | undefined;

/**
 * A range of `size` ports (at most 1,100) below those the kernel hands out. Ranges of one process
 * follow one another and those of two processes never meet, so that sipp and a daemon, neither of which
 * looks for another port, do not take each other's.
 */
export function chooseRtpRange(size = 200): { rtpPortMin: number; rtpPortMax: number } {
  slice ??= { from: lowestPort + claimSlice() * slicePorts, used: 0 };
  const evenSize = size + (size % 2);
  if (slice.used + evenSize > slicePorts) {
    slice.used = 0;
  }
  const rtpPortMin = slice.from + slice.used;
  slice.used += evenSize;
  return { rtpPortMin, rtpPortMax: rtpPortMin + size - 1 };
}

/** A claim is a file with its owner's process id; that of a process which has ended counts for nothing. */
function claimSlice(): number {
  const directory = join(tmpdir(), 'campanile-test-ports');
  mkdirSync(directory, { recursive: true });
  for (let number = 0; number < sliceCount; number += 1) {
    const claim = join(directory, String(number));
    if (isStale(claim)) {
      rmSync(claim, { force: true });
    }
    try {
      writeFileSync(claim, String(process.pid), { flag: 'wx' });
      return number;
    } catch {
      // Somebody has it.
    }
  }
  throw new Error(`all ${String(sliceCount)} slices of ports are taken, see ${directory}`);
}

function isStale(claim: string): boolean {
  let owner: number;
  try {
    owner = Number(readFileSync(claim, 'utf8'));
  } catch {
    return false;
  }
  return owner > 0 && !existsSync(`/proc/${String(owner)}`);
}
