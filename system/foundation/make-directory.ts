/**
 * Makes a directory with everything above it. Node's own recursive `mkdir` never returns in file
 * systems that say "no such directory" for a name that cannot be made, as /proc does.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** `mode`: of what is made. Throws the error of the system call. */
export function makeDirectory(path: string, mode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    return;
  }
  const parent = dirname(path);
  if (parent !== path) {
    makeDirectory(parent, mode);
  }
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else was faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw error;
    }
  }
}
