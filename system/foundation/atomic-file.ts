/**
 * Files that are there whole or not at all, also after a loss of power: written to a temporary name
 * beside the target, flushed, then linked into place, then the folder flushed. Synchronous: for
 * small files outside hot paths.
 */
import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomId } from './ids.ts';

/** Creates `path` unless it exists; returns whether it did. Of two at once only one succeeds. */
export function createFile(path: string, data: string | Uint8Array, mode: number): boolean {
  const temporaryPath = writeTemporaryFile(path, data, mode);
  try {
    linkSync(temporaryPath, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(temporaryPath, { force: true });
  }
  flushFolder(dirname(path));
  return true;
}

/** Makes renames and new names inside the folder durable. */
export function flushFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeTemporaryFile(path: string, data: string | Uint8Array, mode: number): string {
  const temporaryPath = `${path}.${randomId()}.tmp`;
  const file = openSync(temporaryPath, 'wx', mode);
  try {
    writeFileSync(file, data);
    fsyncSync(file);
  } catch (error) {
    rmSync(temporaryPath, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return temporaryPath;
}
