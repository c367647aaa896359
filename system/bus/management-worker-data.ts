/** What the daemon hands to the management plane's worker thread when it starts it. */
import type { MessagePort } from 'node:worker_threads';
import type { BootSettings } from '../boot-settings/boot-settings.ts';

export interface ManagementWorkerData {
  /** The worker's end of the bus; also in the transfer list. */
  readonly busPort: MessagePort;
  readonly settings: BootSettings;
  /** Random per start of the daemon: browser sessions of an earlier one are worth nothing. */
  readonly bootId: string;
  /** Product version, `0.1.0`. */
  readonly version: string;
  /** File descriptor that log lines are written to, shared with the main thread. */
  readonly logDescriptor: number;
  /** How often this worker was started before in this run of the daemon. */
  readonly restarts: number;
}
