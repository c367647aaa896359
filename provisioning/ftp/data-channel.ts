/** The second connection of a session, over which files and listings go, and what goes over it. */
import { createConnection, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataAddress } from './data-address.ts';

export interface DataChannel {
  /** Undefined when it does not come about in time. */
  open(): Promise<Socket | undefined>;
  /** Idempotent; also of a connection that is open. */
  close(): void;
}

/** `stalled`: nothing moved for too long. `cut`: the connection broke, or the transfer was aborted. */
export type DataOutcome = 'complete' | 'stalled' | 'cut' | 'too-long' | 'unreadable';

export interface DataResult {
  readonly outcome: DataOutcome;
  readonly sizeBytes: number;
}

/** To the client's own address (the session sees to that). */
export function callBack(
  target: DataAddress,
  localAddress: string,
  timeoutMs: number,
): DataChannel {
  let socket: Socket | undefined;
  return {
    open: () =>
      new Promise((resolve) => {
        const calling = createConnection({
          host: target.address,
          port: target.port,
          localAddress,
          timeout: timeoutMs,
        });
        socket = calling;
        calling.on('error', () => resolve(undefined));
        calling.on('close', () => resolve(undefined));
        calling.on('timeout', () => calling.destroy());
        calling.on('connect', () => resolve(calling));
      }),
    close: () => socket?.destroy(),
  };
}

/** Never rejects. The connection is closed afterwards: its end is the end of the file. */
export async function sendData(
  socket: Socket,
  content: Readable,
  stallMs: number,
): Promise<DataResult> {
  const source = { hasFailed: false };
  content.on('error', () => {
    // A connection that is gone ends the reading, too.
    source.hasFailed ||= !socket.destroyed;
  });
  const stall = watchStall(socket, stallMs);
  // What the client sends is of no interest, but its end is.
  socket.resume();
  try {
    await pipeline(content, socket);
    return { outcome: 'complete', sizeBytes: socket.bytesWritten };
  } catch {
    const outcome = stall.hasStalled() ? 'stalled' : source.hasFailed ? 'unreadable' : 'cut';
    return { outcome, sizeBytes: socket.bytesWritten };
  }
}

/** Never rejects. `content` is there when the outcome is `complete`. */
export async function receiveData(
  socket: Socket,
  maximumBytes: number,
  stallMs: number,
): Promise<DataResult & { readonly content?: Buffer }> {
  const stall = watchStall(socket, stallMs);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of socket) {
      const chunk = piece as Buffer;
      sizeBytes += chunk.length;
      if (sizeBytes > maximumBytes) {
        return { outcome: 'too-long', sizeBytes };
      }
      chunks.push(chunk);
    }
    return { outcome: 'complete', sizeBytes, content: Buffer.concat(chunks, sizeBytes) };
  } catch {
    return { outcome: stall.hasStalled() ? 'stalled' : 'cut', sizeBytes };
  } finally {
    socket.destroy();
  }
}

/** A connection on which nothing moves is destroyed. */
function watchStall(socket: Socket, stallMs: number): { hasStalled: () => boolean } {
  let hasStalled = false;
  socket.setTimeout(stallMs, () => {
    hasStalled = true;
    socket.destroy(new Error('Nothing moved'));
  });
  return { hasStalled: () => hasStalled };
}
