/** The one directory that holds everything the daemon keeps, taken by one daemon at a time. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, toErrorMessage } from '../foundation/app-error.ts';
import { makeDirectory } from '../foundation/make-directory.ts';

/** `in-use`: another daemon runs on it. `unusable`: it cannot be made or written. */
export type DataDirectoryErrorCode = 'in-use' | 'unusable';

export class DataDirectoryError extends AppError<DataDirectoryErrorCode> {}

export interface DataDirectoryLock {
  /** Idempotent. */
  release(): void;
}

/** PF_EXITING of the kernel. */
const exitingFlag = 0x4;
/** How long a killed daemon may take to let go of its memory and sockets. */
const longestEndMs = 5_000;
const endStepMs = 50;

/**
 * Creates the directory (0700) when missing and takes it. The lock file names the owner's process
 * and its start time, so the lock of a killed daemon is recognised as stale even when its process
 * number is in use again. Throws DataDirectoryError.
 */
export function takeDataDirectory(path: string): DataDirectoryLock {
  const lockFile = join(path, 'daemon.lock');
  makeDataDirectory(path);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (tryLock(lockFile)) {
      return {
        release: () => {
          rmSync(lockFile, { force: true });
        },
      };
    }
    const owner = readOwner(lockFile);
    if (owner !== undefined && !waitForEnd(owner)) {
      break;
    }
    rmSync(lockFile, { force: true });
  }
  throw new DataDirectoryError(
    'in-use',
    `Another daemon uses ${path}. Stop it, or give this one another data directory.`,
  );
}

/** Creates the directory (0700) when missing. Throws DataDirectoryError. */
export function makeDataDirectory(path: string): void {
  try {
    makeDirectory(path, 0o700);
  } catch (error) {
    throw new DataDirectoryError(
      'unusable',
      `Cannot use ${path} as data directory: ${toErrorMessage(error)}`,
      { cause: error },
    );
  }
}

function tryLock(lockFile: string): boolean {
  try {
    const descriptor = openSync(lockFile, 'wx', 0o600);
    writeSync(descriptor, `${String(process.pid)} ${findProcess(process.pid)?.identity ?? ''}`);
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

interface Owner {
  readonly pid: number;
  readonly identity: string;
}

/** Whether the owner is gone. One that is on its way out, killed a moment ago, is waited for. */
function waitForEnd({ pid, identity }: Owner): boolean {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; waitedMs <= longestEndMs; waitedMs += endStepMs) {
    const found = findProcess(pid);
    if (found?.identity !== identity || found.isOver) {
      return true;
    }
    if (!found.isEnding) {
      return false;
    }
    Atomics.wait(clock, 0, 0, endStepMs);
  }
  return false;
}

function readOwner(lockFile: string): Owner | undefined {
  try {
    const [pid = '', identity = ''] = readFileSync(lockFile, 'utf8').split(' ');
    return { pid: Number(pid), identity };
  } catch {
    // Released between our attempt and now: the next attempt takes it.
    return undefined;
  }
}

interface FoundProcess {
  /** Start time in clock ticks since boot: tells apart two processes of the same number. */
  readonly identity: string;
  /** It holds nothing any more, only its parent has not asked how it ended. */
  readonly isOver: boolean;
  readonly isEnding: boolean;
}

/** From proc(5) stat: state, flags, number of threads, start time are its fields 3, 9, 20, 22. */
function findProcess(pid: number): FoundProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name before them may hold anything, even brackets and spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = ''] = fields;
    return {
      identity: fields[19] ?? '',
      // The first thread may be done while others still hold the sockets.
      isOver: (state === 'Z' || state === 'X') && Number(fields[17]) <= 1,
      isEnding: (Number(fields[6]) & exitingFlag) !== 0,
    };
  } catch {
    return undefined;
  }
}
