import { AppError } from '../foundation/app-error.ts';

/**
 * `timeout`: the other plane did not answer in time. `closed`: it is gone. `busy`: too many requests
 * are waiting already. `remote`: its handler threw; the message is its message and
 * `details.code` its code, when it had one.
 */
export type BusErrorCode = 'timeout' | 'closed' | 'busy' | 'remote';

export class BusError extends AppError<BusErrorCode> {}
