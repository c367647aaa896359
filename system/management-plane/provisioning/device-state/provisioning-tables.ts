/**
 * The rows of the database `provisioning.db`: what devices told and fetched. Runtime state, apart
 * from the configuration: when it is lost, devices with their own address go on as before.
 */
import type { SqlDatabase } from '../../storage/database.ts';

export interface ProvisioningTables {
  readonly seen_devices: SeenDeviceRow;
  readonly device_events: DeviceEventRow;
  readonly served_files: ServedFileRow;
}

export type ProvisioningDatabase = SqlDatabase<ProvisioningTables>;

export interface SeenDeviceRow {
  readonly mac: string;
  /** A SeenDevice as JSON. */
  readonly document: string;
}

export interface DeviceEventRow {
  /** Given by the database. */
  readonly id?: number;
  readonly mac: string;
  readonly at_ms: number;
  readonly kind: string;
  readonly address: string;
  readonly detail: string;
  /** EventNotes as JSON, where the detail is more than names and numbers. */
  readonly notes: string | null;
}

/** The newest of each file that a device got. */
export interface ServedFileRow {
  readonly mac: string;
  /** Id of the file in the vendor's data. */
  readonly file: string;
  readonly at_ms: number;
  /** SHA-256 of what the device got, in hexadecimal. */
  readonly digest: string;
  /** The same without secrets, for comparisons. */
  readonly shown: string;
}
