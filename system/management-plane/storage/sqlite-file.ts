/**
 * A SQLite file as a file: opened and checked, put aside when it is broken, replaced by the last
 * good copy. A broken or vanished file is never silently begun anew: what was done is returned and
 * has to be reported.
 */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { toErrorMessage } from '../../foundation/app-error.ts';
import { flushFolder } from '../../foundation/atomic-file.ts';
import { StorageError } from './storage-error.ts';

const busyTimeoutMs = 5_000;

/** What was wrong with a file, and what stands in its place now. */
export interface Recovery {
  /** `restored`: the last good copy was taken; `empty`: there was none, a new file was begun. */
  readonly kind: 'restored' | 'empty';
  readonly reason: string;
  /** Where the broken file was put; undefined when it had vanished. */
  readonly quarantinedAs: string | undefined;
  /** When the copy was made. */
  readonly copyAtMs: number | undefined;
}

/** For administrators. */
export function describeRecovery(recovery: Recovery): string {
  const { kind, reason, quarantinedAs, copyAtMs } = recovery;
  const aside = quarantinedAs === undefined ? '' : ` It was put aside as ${quarantinedAs}.`;
  return kind === 'restored'
    ? `A database file was broken (${reason}); its copy of ${new Date(copyAtMs ?? 0).toISOString()} is in use.${aside}`
    : `A database file was broken (${reason}) and there was no copy; an empty one is in use.${aside}`;
}

export interface OpenedFile {
  readonly handle: Database.Database;
  readonly recovery: Recovery | undefined;
}

/** The last good copy of a database file stands beside it. */
export function copyPathOf(path: string): string {
  return `${path}.copy`;
}

/**
 * How much of a file is looked at before it is used: `all` reads every page, `head` only the first,
 * for files whose size would delay the start.
 */
export type FileCheck = 'all' | 'head';

/** Throws StorageError `unavailable` or `locked`. */
export function openSqliteFile(path: string, wallMs: number, check: FileCheck = 'all'): OpenedFile {
  makeFolder(path);
  const problem = findProblem(path, check);
  if (problem === undefined) {
    return { handle: open(path), recovery: undefined };
  }

  const quarantinedAs = quarantine(path, wallMs);
  const copyPath = copyPathOf(path);
  if (existsSync(copyPath) && findProblem(copyPath, 'all') === undefined) {
    const copyAtMs = Math.floor(statSync(copyPath).mtimeMs);
    putInPlace(copyPath, path);
    const recovery: Recovery = { kind: 'restored', reason: problem, quarantinedAs, copyAtMs };
    return { handle: open(path), recovery };
  }
  const recovery: Recovery = {
    kind: 'empty',
    reason: problem,
    quarantinedAs,
    copyAtMs: undefined,
  };
  return { handle: open(path), recovery };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toStorageError(error, path);
  }
}

/** Undefined when the file is good, or when neither it nor a copy exists: the first start. */
function findProblem(path: string, check: FileCheck): string | undefined {
  const hasCopy = existsSync(copyPathOf(path));
  if (!existsSync(path)) {
    return hasCopy ? 'the file has vanished' : undefined;
  }
  if (statSync(path).size === 0) {
    return hasCopy ? 'the file is empty' : undefined;
  }
  let handle: Database.Database | undefined;
  try {
    handle = new Database(path, { timeout: busyTimeoutMs, fileMustExist: true });
    if (check === 'head') {
      handle.pragma('schema_version');
      return undefined;
    }
    const result = handle.pragma('quick_check(1)', { simple: true });
    return result === 'ok' ? undefined : `the check found: ${String(result)}`;
  } catch (error) {
    if (isDamage(error)) {
      return toErrorMessage(error);
    }
    throw toStorageError(error, path);
  } finally {
    handle?.close();
  }
}

function open(path: string): Database.Database {
  try {
    // The file holds hashes and sealed secrets: created for its owner only, and so are -wal and -shm.
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    chmodSync(path, 0o600);
    const handle = new Database(path, { timeout: busyTimeoutMs });
    handle.pragma('journal_mode = WAL');
    // An acknowledged change survives a loss of power: every commit is flushed.
    handle.pragma('synchronous = FULL');
    handle.pragma('foreign_keys = ON');
    handle.pragma('journal_size_limit = 16777216');
    // What is deleted is overwritten: old hashes, and personal data that was erased.
    handle.pragma('secure_delete = ON');
    return handle;
  } catch (error) {
    throw toStorageError(error, path);
  }
}

/** Renames the file and what belongs to it; returns the new name. */
function quarantine(path: string, wallMs: number): string | undefined {
  const time = new Date(wallMs).toISOString().replace(/[:.]/g, '-');
  const name = `${path}.broken-${time}`;
  let isThere = false;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(`${path}${suffix}`)) {
      renameSync(`${path}${suffix}`, `${name}${suffix}`);
      isThere ||= suffix === '';
    }
  }
  flushFolder(dirname(path));
  return isThere ? name : undefined;
}

/** Copies a closed database file: the copy stays what it is. */
function putInPlace(from: string, to: string): void {
  const temporaryPath = `${to}.restoring`;
  rmSync(temporaryPath, { force: true });
  copyFileSync(from, temporaryPath);
  const file = openSync(temporaryPath, 'r+');
  fsyncSync(file);
  closeSync(file);
  renameSync(temporaryPath, to);
  flushFolder(dirname(to));
}

function sqliteCodeOf(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}

function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

function toStorageError(error: unknown, path: string): StorageError {
  const code = sqliteCodeOf(error).startsWith('SQLITE_BUSY') ? 'locked' : 'unavailable';
  return new StorageError(code, `cannot open ${path}: ${toErrorMessage(error)}`, { cause: error });
}
