/**
 * Real files below one folder, and nothing else: no `..`, no absolute path, no link that leads out,
 * no device. A file that several clients fetch at once is opened once, and each part of it is read
 * once for all of them, ahead of time.
 */
import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Content, FileSource } from './file-source.ts';

const chunkBytes = 64 * 1_024;
/** Parts of one file that are kept: clients that began at different times are at different places. */
const maximumChunks = 64;
const maximumPathLength = 512;

export class FolderSource implements FileSource {
  readonly #folder: string;
  readonly #openFiles = new Map<string, OpenFile>();

  /** The folder need not exist yet. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(path: string): Promise<Content | undefined> {
    const relativePath = toRelativePath(path);
    if (relativePath === undefined) {
      return undefined;
    }
    try {
      return await this.#openInside(relativePath);
    } catch (error) {
      if (isAbsence(error)) {
        return undefined;
      }
      throw error;
    }
  }

  async #openInside(relativePath: string): Promise<Content | undefined> {
    const root = await realpath(this.#folder);
    const target = await realpath(join(root, relativePath));
    if (!target.startsWith(root + sep)) {
      return undefined;
    }
    // Not blocking: opening a named pipe would wait for a writer.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await open(target, flags);
    try {
      const content = await this.#share(handle, root);
      if (content === undefined) {
        await handle.close();
      }
      return content;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #share(handle: FileHandle, root: string): Promise<Content | undefined> {
    const status = await handle.stat({ bigint: true });
    // A folder on the way may have been replaced by a link since: look where we really are.
    const actual = await realpath(`/proc/self/fd/${String(handle.fd)}`);
    if (!status.isFile() || !actual.startsWith(root + sep)) {
      return undefined;
    }
    const version = [status.dev, status.ino, status.size, status.mtimeNs].join(':');
    const known = this.#openFiles.get(version);
    if (known !== undefined) {
      await handle.close();
      return known.share();
    }
    const file = new OpenFile(handle, Number(status.size), () => this.#openFiles.delete(version));
    this.#openFiles.set(version, file);
    return file.share();
  }
}

/** One version of a file on the disk, for all transfers of it that run. */
class OpenFile {
  readonly #handle: FileHandle;
  readonly #sizeBytes: number;
  readonly #onClosed: () => void;
  /** Least recently used first. */
  readonly #chunks = new Map<number, Buffer | Promise<Buffer>>();
  #users = 0;

  constructor(handle: FileHandle, sizeBytes: number, onClosed: () => void) {
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
    this.#onClosed = onClosed;
  }

  share(): Content {
    this.#users += 1;
    return {
      sizeBytes: this.#sizeBytes,
      chunkBytes,
      chunk: (index) => {
        const chunk = this.#find(index);
        if ((index + 1) * chunkBytes < this.#sizeBytes && !this.#chunks.has(index + 1)) {
          // Read ahead; whoever comes to need it hears of an error.
          void Promise.resolve(this.#find(index + 1)).catch(() => undefined);
        }
        return chunk;
      },
      release: () => {
        this.#users -= 1;
        if (this.#users === 0) {
          this.#onClosed();
          this.#chunks.clear();
          void this.#handle.close();
        }
      },
    };
  }

  #find(index: number): Buffer | Promise<Buffer> {
    const known = this.#chunks.get(index);
    const chunk = known ?? this.#read(index);
    this.#chunks.delete(index);
    this.#chunks.set(index, chunk);
    const [oldest] = this.#chunks.keys();
    if (oldest !== undefined && this.#chunks.size > maximumChunks) {
      this.#chunks.delete(oldest);
    }
    return chunk;
  }

  #read(index: number): Promise<Buffer> {
    const start = index * chunkBytes;
    const length = Math.max(0, Math.min(chunkBytes, this.#sizeBytes - start));
    const reading = this.#handle
      .read(Buffer.allocUnsafeSlow(length), 0, length, start)
      .then(({ bytesRead, buffer }) => {
        if (bytesRead !== length) {
          throw new Error('The file became shorter while it was sent');
        }
        if (this.#chunks.has(index)) {
          this.#chunks.set(index, buffer);
        }
        return buffer;
      });
    reading.catch(() => this.#chunks.delete(index));
    return reading;
  }
}

/**
 * Phones write paths in every way: with a slash in front or two, with backslashes. Undefined for
 * what leads out of the folder or cannot be a name.
 */
export function toRelativePath(path: string): string | undefined {
  if (path.length > maximumPathLength || /[\0-\x1f\x7f\ufffd]/.test(path)) {
    return undefined;
  }
  const segments = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
  return segments.length === 0 || segments.includes('..') ? undefined : segments.join('/');
}

const absenceCodes = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'ENXIO', 'EISDIR'];

function isAbsence(error: unknown): boolean {
  return absenceCodes.includes((error as NodeJS.ErrnoException).code ?? '');
}
