import { AppError } from '../../system/foundation/app-error.ts';

/**
 * `unreachable`: no answer, or 5xx; worth another try. `throttled`: asked too often; `details.retryAfterSec`.
 * `refused`: the account is not accepted. `rejected`: the service will not take this device.
 * `unreadable`: an answer that is not what the service promises. `incomplete`: settings are missing.
 */
export type RedirectionErrorCode =
  | 'unreachable'
  | 'throttled'
  | 'refused'
  | 'rejected'
  | 'unreadable'
  | 'incomplete';

export class RedirectionError extends AppError<RedirectionErrorCode> {}
