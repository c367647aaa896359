/**
 * Images on the disk, named by their SHA-256. What is being uploaded has a temporary name; it is
 * flushed and renamed when it is whole, so that a crash leaves either all of it or nothing of worth.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { imageHeadBytes } from '../../../../../provisioning/firmware/recognise-image.ts';
import { flushFolder } from '../../../../foundation/atomic-file.ts';
import { randomId } from '../../../../foundation/ids.ts';
import { FirmwareError } from './firmware-error.ts';

/** The largest known images of video phones have some 900 MB. */
export const maximumImageBytes = 1_073_741_824;
/** What the rest of the PBX needs of the disk. */
const reserveBytes = 67_108_864;
const lookAtDiskEveryBytes = 8_388_608;
/** A client that sends nothing for so long has gone. */
const idleTimeoutMs = 60_000;

export interface ExpectedHash {
  readonly algorithm: 'sha256' | 'sha512';
  /** Hexadecimal, lower case. */
  readonly digest: string;
}

export interface StoredImage {
  readonly sha256: string;
  readonly sizeBytes: number;
}

export class ImageFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  pathOf(sha256: string): string {
    return join(this.path, sha256);
  }

  async exists(sha256: string): Promise<boolean> {
    return stat(this.pathOf(sha256)).then(
      (status) => status.isFile(),
      () => false,
    );
  }

  /**
   * Removes what a crash left half done and images that nothing refers to; these stay while it is not
   * known what is referred to. Returns their names.
   */
  async sweep(referred: ReadonlySet<string> | undefined): Promise<readonly string[]> {
    const names = await readdir(this.path).catch(() => []);
    const isStray = (name: string): boolean =>
      referred !== undefined && /^[0-9a-f]{64}$/.test(name) && !referred.has(name);
    const removed = names.filter((name) => name.endsWith('.part') || isStray(name));
    for (const name of removed) {
      await rm(join(this.path, name), { force: true });
    }
    return removed;
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
  }

  /**
   * Takes the bytes to the disk as they come. `checkHead` sees the first bytes and throws to refuse.
   * Rejects with FirmwareError; nothing is left then. The rest of a refused stream is the caller's.
   */
  async store(
    source: Readable,
    options: {
      readonly expectedBytes: number | undefined;
      readonly expectedHash: ExpectedHash | undefined;
      readonly checkHead: (head: Buffer) => void;
    },
  ): Promise<StoredImage> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await this.#requireSpace(options.expectedBytes ?? 0);
    const temporaryPath = join(this.path, `${randomId()}.part`);
    const file = await open(temporaryPath, 'wx', 0o600);
    try {
      const sha256 = createHash('sha256');
      const other = options.expectedHash?.algorithm === 'sha512' ? createHash('sha512') : undefined;
      let sizeBytes = 0;
      let lookedAtBytes = 0;
      let head = Buffer.alloc(0);
      let isChecked = false;
      const idle = setTimeout(() => {
        source.destroy(new Error('nothing came for a minute'));
      }, idleTimeoutMs);
      try {
        // Not destroyed when refused half way: the answer must still get through.
        for await (const piece of source.iterator({ destroyOnReturn: false })) {
          const chunk = piece as Buffer;
          idle.refresh();
          sizeBytes += chunk.length;
          if (sizeBytes > maximumImageBytes) {
            throw new FirmwareError('too-large', 'The file is larger than 1 GiB.');
          }
          if (!isChecked) {
            head = Buffer.concat([head, chunk.subarray(0, imageHeadBytes - head.length)]);
            if (head.length >= imageHeadBytes) {
              options.checkHead(head);
              isChecked = true;
            }
          }
          if (sizeBytes - lookedAtBytes >= lookAtDiskEveryBytes) {
            lookedAtBytes = sizeBytes;
            await this.#requireSpace(0);
          }
          sha256.update(chunk);
          other?.update(chunk);
          await writeWhole(file, chunk);
        }
      } finally {
        clearTimeout(idle);
      }
      if (!isChecked) {
        options.checkHead(head);
      }
      const digest = sha256.digest('hex');
      requireHash(options.expectedHash, digest, other?.digest('hex'));
      await file.sync();
      await file.close();
      await rename(temporaryPath, this.pathOf(digest));
      flushFolder(this.path);
      return { sha256: digest, sizeBytes };
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(temporaryPath, { force: true });
      throw toFirmwareError(error);
    }
  }

  async #requireSpace(neededBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.path);
    if (bavail * bsize < neededBytes + reserveBytes) {
      throw noSpace();
    }
  }
}

async function writeWhole(file: Awaited<ReturnType<typeof open>>, chunk: Buffer): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written);
    written += bytesWritten;
  }
}

function requireHash(
  expected: ExpectedHash | undefined,
  sha256: string,
  sha512: string | undefined,
): void {
  const actual = expected?.algorithm === 'sha512' ? sha512 : sha256;
  if (expected !== undefined && actual !== expected.digest) {
    const message = `has the hash ${actual ?? ''}, not the expected one: it is damaged or not the right file`;
    throw new FirmwareError('invalid', 'The file does not have the expected hash.', [
      { path: 'hash', code: 'wrong-hash', message },
    ]);
  }
}

function noSpace(): FirmwareError {
  return new FirmwareError('no-space', 'There is not enough space on the disk for this file.');
}

function toFirmwareError(error: unknown): unknown {
  if (error instanceof FirmwareError) {
    return error;
  }
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return noSpace();
  }
  return code === undefined || code.startsWith('ECONN') || code.startsWith('ERR_STREAM')
    ? new FirmwareError('unreadable-body', 'The upload ended too early.')
    : error;
}
