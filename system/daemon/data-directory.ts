/** The one directory that holds everything the daemon keeps, taken by one daemon at a time. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toErrorMessage } from '../foundation/app-error.ts';

/** `in-use`: another daemon runs on it. `unusable`: it cannot be made or written. */
export type DataDirectoryErrorCode = 'in-use' | 'unusable';

export class DataDirectoryError extends AppError<DataDirectoryErrorCode> {}

export interface DataDirectoryLock {
  /** Idempotent. */
  release(): void;
}

/**
 * Creates the directory (0700) when missing and takes it. The lock file names the owner's process
 * and its start time, so the lock of a killed daemon is recognised as stale even when its process
 * number is in use again. Throws DataDirectoryError.
 */
export function takeDataDirectory(path: string): DataDirectoryLock {
  const lockFile = join(path, 'daemon.lock');
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataDirectoryError('unusable', `Cannot use ${path}: ${toErrorMessage(error)}`, {
      cause: error,
    });
  }
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (tryLock(lockFile)) {
      return {
        release: () => {
          rmSync(lockFile, { force: true });
        },
      };
    }
    const owner = readOwner(lockFile);
    if (owner !== undefined && identifyProcess(owner.pid) === owner.identity) {
      break;
    }
    rmSync(lockFile, { force: true });
  }
  throw new DataDirectoryError(
    'in-use',
    `Another daemon uses ${path}. Stop it, or give this one another data directory.`,
  );
}

function tryLock(lockFile: string): boolean {
  try {
    const descriptor = openSync(lockFile, 'wx', 0o600);
    writeSync(descriptor, `${String(process.pid)} ${identifyProcess(process.pid) ?? ''}`);
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw new DataDirectoryError('unusable', `Cannot write ${lockFile}: ${toErrorMessage(error)}`, {
      cause: error,
    });
  }
}

function readOwner(lockFile: string): { pid: number; identity: string } | undefined {
  try {
    const [pid = '', identity = ''] = readFileSync(lockFile, 'utf8').split(' ');
    return { pid: Number(pid), identity };
  } catch {
    // Released between our attempt and now: the next attempt takes it.
    return undefined;
  }
}

/** Start time in clock ticks since boot (field 22 of proc(5) stat); undefined when no such process. */
function identifyProcess(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
