/**
 * The rows of the database `device-log.db`. It is made when the receiver of syslog is turned on; losing
 * it loses nothing but what devices wrote.
 */
import type { SqlDatabase } from '../../storage/database.ts';

/** Beside the other databases. */
export const deviceLogFile = 'device-log.db';

export interface DeviceLogTables {
  readonly log_lines: LogLineRow;
}

export type DeviceLogDatabase = SqlDatabase<DeviceLogTables>;

export interface LogLineRow {
  /** Given by the database. */
  readonly id?: number;
  readonly mac: string;
  /** When it came here: clocks of phones are often wrong. */
  readonly at_ms: number;
  /** 0 (emergency) to 7 (debug). */
  readonly severity: number;
  readonly facility: number;
  /** The device's own time, as it wrote it. */
  readonly stamp: string;
  readonly host: string;
  readonly app: string;
  readonly text: string;
  /** What counts against the bounds. */
  readonly size_bytes: number;
}
