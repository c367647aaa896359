/**
 * Leases in a file to which every change is appended as one JSON line, flushed before the client
 * hears of it (RFC 2131 §3.1.4 wants the binding in persistent storage). Changes that come while one
 * flush runs share the next. When most lines are outdated the file is written anew beside itself and
 * renamed into place, so that it is always whole, whenever the power goes.
 */
import { copyFile, open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder } from '../../../system/foundation/atomic-file.ts';
import { formatIpv4, parseIpv4, type Ipv4Address } from '../../ipv4.ts';
import type { Lease, LeaseState } from './lease.ts';
import type { LeaseStore, StoredLeases } from './lease-store.ts';

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Only the machine's own user reads who is in the network. */
const fileMode = 0o600;
/** Below this many lines rewriting is not worth it. */
const minimumLinesToCompact = 1_000;
/** Rewritten when there are this many lines for one lease. */
const linesPerLease = 4;

export class LeaseJournal implements LeaseStore {
  readonly #path: string;
  readonly #lines = new Map<Ipv4Address, string>();
  #file: FileHandle | undefined;
  #lineCount = 0;
  #pending: string[] = [];
  #waiters: Waiter[] = [];
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Once, before anything is saved. Rejects where the file exists and cannot be read. */
  async load(): Promise<StoredLeases> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return '';
      }
      throw error;
    });
    const lines = text.split('\n');
    // Without a line feed at the end the last line is one that a crash cut off.
    lines.pop();
    const leases = new Map<Ipv4Address, Lease>();
    let damagedEntries = 0;
    for (const line of lines) {
      const entry = parseEntry(line);
      if (entry === undefined) {
        damagedEntries += 1;
        continue;
      }
      leases.delete(entry.address);
      this.#lines.delete(entry.address);
      if (entry.lease !== undefined) {
        leases.set(entry.address, entry.lease);
        this.#lines.set(entry.address, line);
      }
    }
    if (damagedEntries > 0) {
      await copyFile(this.#path, `${this.#path}.damaged`);
    }
    await this.#rewrite();
    return { leases: [...leases.values()], damagedEntries };
  }

  save(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) {
      const line = serializeLease(lease);
      this.#lines.delete(lease.address);
      this.#lines.set(lease.address, line);
      this.#pending.push(line);
    }
    return this.#flush();
  }

  remove(address: Ipv4Address): Promise<void> {
    this.#lines.delete(address);
    this.#pending.push(JSON.stringify({ address: formatIpv4(address) }));
    return this.#flush();
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) {
      await this.#writing;
    }
    await this.#file?.close();
    this.#file = undefined;
  }

  #flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    // One turn later, so that messages of the same batch share the flush.
    await Promise.resolve();
    while (this.#waiters.length > 0) {
      const waiters = this.#waiters;
      const lines = this.#pending;
      this.#waiters = [];
      this.#pending = [];
      try {
        await this.#write(lines);
        for (const waiter of waiters) {
          waiter.resolve();
        }
      } catch (error) {
        for (const waiter of waiters) {
          waiter.reject(error);
        }
      }
    }
    this.#writing = undefined;
  }

  async #write(lines: readonly string[]): Promise<void> {
    const isOutdated =
      this.#lineCount + lines.length >
      Math.max(minimumLinesToCompact, linesPerLease * this.#lines.size);
    if (this.#file === undefined || isOutdated) {
      // What is to be written is in the map already, so that the new file has it.
      await this.#rewrite();
      return;
    }
    try {
      await this.#file.appendFile(`${lines.join('\n')}\n`);
      await this.#file.datasync();
    } catch (error) {
      // Half a line may be in the file: the next write makes a new one.
      await this.#file.close().catch(() => undefined);
      this.#file = undefined;
      throw error;
    }
    this.#lineCount += lines.length;
  }

  async #rewrite(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    const temporaryPath = `${this.#path}.tmp`;
    const lines = [...this.#lines.values()];
    const file = await open(temporaryPath, 'w', fileMode);
    try {
      await file.writeFile(lines.map((line) => `${line}\n`).join(''));
      await file.datasync();
      await rename(temporaryPath, this.#path);
      flushFolder(dirname(this.#path));
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    this.#file = file;
    this.#lineCount = lines.length;
  }
}

function serializeLease(lease: Lease): string {
  return JSON.stringify({ ...lease, address: formatIpv4(lease.address) });
}

interface Entry {
  readonly address: Ipv4Address;
  /** Undefined: the lease was removed. */
  readonly lease: Lease | undefined;
}

function parseEntry(line: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A damaged line is counted by the caller.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const record = value as Readonly<Record<string, unknown>>;
  const address = parseIpv4(readText(record, 'address') ?? '');
  if (address === undefined) {
    return undefined;
  }
  if (record['state'] === undefined) {
    return { address, lease: undefined };
  }
  const lease = readLease(record, address);
  return lease === undefined ? undefined : { address, lease };
}

const states: readonly string[] = ['bound', 'released', 'declined'] satisfies LeaseState[];
const textFields = ['hostName', 'vendorClass', 'userClass', 'circuitId', 'remoteId'] as const;

function readLease(
  record: Readonly<Record<string, unknown>>,
  address: Ipv4Address,
): Lease | undefined {
  const { clientKey, mac, state, startedAtMs, expiresAtMs } = record;
  if (
    typeof clientKey !== 'string' ||
    typeof mac !== 'string' ||
    typeof state !== 'string' ||
    !states.includes(state) ||
    typeof startedAtMs !== 'number' ||
    typeof expiresAtMs !== 'number'
  ) {
    return undefined;
  }
  const texts: Partial<Record<(typeof textFields)[number], string>> = {};
  for (const field of textFields) {
    const text = readText(record, field);
    if (text !== undefined) {
      texts[field] = text;
    }
  }
  return {
    address,
    clientKey,
    mac,
    state: state as LeaseState,
    startedAtMs,
    expiresAtMs,
    ...texts,
  };
}

function readText(record: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = record[field];
  return typeof value === 'string' ? value : undefined;
}
