/** Where leases outlive the daemon. */
import type { Lease } from './lease.ts';

export interface StoredLeases {
  /** The last state of each address, oldest change first. */
  readonly leases: readonly Lease[];
  /** Entries that could not be read, a torn last one not counted; what was there is kept aside. */
  readonly damagedEntries: number;
}

export interface LeaseStore {
  load(): Promise<StoredLeases>;
  /** Resolves when all are on the disk; rejects with the error of the system. */
  save(leases: readonly Lease[]): Promise<void>;
  /** The address has no lease any more. */
  remove(address: Lease['address']): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
}
