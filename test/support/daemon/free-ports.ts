/** Ports for a daemon under test that nothing else has: asked from the kernel, never fixed. */
import { createSocket } from 'node:dgram';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface HeldPort {
  readonly port: number;
  readonly release: () => Promise<void>;
}

/** Ports free on 127.0.0.1 for TCP and UDP; the kernel does not hand the same one out again soon. */
export async function findFreePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, holdFreePort));
  await Promise.all(held.map(({ release }) => release()));
  return held.map(({ port }) => port);
}

async function holdFreePort(): Promise<HeldPort> {
  // Somebody may have the number for UDP.
  return (await holdPort(0)) ?? (await holdFreePort());
}

/** Undefined when somebody has it. */
async function holdPort(wanted: number): Promise<HeldPort | undefined> {
  const server = createServer();
  const isListening = await new Promise<boolean>((done) => {
    server.once('error', () => done(false));
    server.listen(wanted, '127.0.0.1', () => done(true));
  });
  if (!isListening) {
    return undefined;
  }
  const { port } = server.address() as AddressInfo;
  const socket = createSocket('udp4');
  const isBound = await new Promise<boolean>((done) => {
    socket.once('error', () => done(false));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => done(true));
  });
  const release = async (): Promise<void> => {
    socket.close();
    await new Promise<void>((done) => server.close(() => done()));
  };
  if (isBound) {
    return { port, release };
  }
  await release();
  return undefined;
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

/**
 * Ports one after the other, the first of them even, for a program that takes some beside those it is
 * told and looks for no others. Free now; nobody who asks here or the kernel gets one of them soon.
 */
export async function choosePortsInARow(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < slicePorts / count; attempt += 1) {
    const { rtpPortMin } = chooseRtpRange(count);
    const ports = Array.from({ length: count }, (_, index) => rtpPortMin + index);
    const held = await Promise.all(ports.map(holdPort));
    const got = held.filter((port) => port !== undefined);
    await Promise.all(got.map(({ release }) => release()));
    if (got.length === count) {
      return ports;
    }
  }
  throw new Error(`no ${String(count)} ports in a row are free`);
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
