/** Rows of the database of firmware: what was uploaded, and how far rollouts are. */
import type { SqlBoolean } from '../../../storage/column-value.ts';
import type { SqlDatabase } from '../../../storage/database.ts';

export interface FirmwareTables {
  readonly firmware_sets: FirmwareSetRow;
  readonly firmware_files: FirmwareFileRow;
  readonly rollouts: RolloutRow;
  readonly rollout_devices: RolloutDeviceRow;
}

export type FirmwareDatabase = SqlDatabase<FirmwareTables>;

export interface FirmwareSetRow {
  readonly id: string;
  readonly vendor: string;
  readonly label: string;
  readonly is_active: SqlBoolean;
  readonly notes: string;
  readonly created_at_ms: number;
  readonly created_by: string;
}

export interface FirmwareFileRow {
  readonly id: string;
  readonly set_id: string;
  readonly kind: string;
  readonly file_name: string;
  /** JSON list of ids. */
  readonly models: string;
  readonly version: string;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly verified_by: string | null;
  readonly recognised_by: string;
  readonly uploaded_at_ms: number;
  readonly uploaded_by: string;
}

export interface RolloutRow {
  readonly id: string;
  readonly created_at_ms: number;
  /** JSON, without the devices. */
  readonly document: string;
}

export interface RolloutDeviceRow {
  readonly rollout_id: string;
  readonly mac: string;
  readonly position: number;
  /** JSON. */
  readonly document: string;
}
