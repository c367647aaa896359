/** When a device is tried again at a service: longer and longer, and never for what cannot succeed. Pure. */
import type { RedirectionErrorCode } from './redirection-error.ts';

const firstDelayMs = 30_000;
const longestDelayMs = 21_600_000;
/** A wrong password locks accounts: it is tried again rarely, in case the service was at fault. */
const refusedDelayMs = 3_600_000;

/**
 * `attempts`: failed ones, the last included. Undefined: not by itself, because it stays wrong until
 * somebody changes something.
 */
export function retryDelayMs(
  code: RedirectionErrorCode,
  attempts: number,
  retryAfterSec: number | undefined,
): number | undefined {
  switch (code) {
    case 'rejected':
    case 'incomplete':
      return undefined;
    case 'refused':
      return attempts >= 3 ? undefined : refusedDelayMs;
    case 'throttled':
      return Math.max((retryAfterSec ?? 0) * 1000, backoffMs(attempts));
    case 'unreachable':
    case 'unreadable':
      return backoffMs(attempts);
  }
}

function backoffMs(attempts: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts - 1, 20));
}
