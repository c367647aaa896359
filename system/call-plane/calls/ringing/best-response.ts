/** Which of the failures of a user's phones the caller is told of (RFC 3261 §16.7 step 6). */
import type { RingResult } from '../../../routing/route-call.ts';

/**
 * The most telling answer of a class comes first: that of a person before that of a phone, that of
 * a phone before silence.
 */
const tellingStatuses: readonly number[] = [486, 480, 488, 415, 606, 403, 404, 410, 408];

/** `statuses`: of all phones, 300 to 699; at least one. A 6xx beats the rest, then the lowest class. */
export function bestStatus(statuses: readonly number[]): number {
  const decided = statuses.find((status) => status >= 600);
  if (decided !== undefined) {
    return decided;
  }
  const lowestClass = Math.min(...statuses.map(preferenceClass));
  const candidates = statuses.filter((status) => preferenceClass(status) === lowestClass);
  return tellingStatuses.find((status) => candidates.includes(status)) ?? candidates[0] ?? 408;
}

/** What such a status means to the dialplan. */
export function toRingResult(status: number): RingResult {
  switch (status) {
    case 486:
    case 600:
      return { kind: 'busy' };
    case 480:
    case 603:
    case 403:
      return { kind: 'rejected', status };
    case 415:
    case 488:
    case 606:
      return { kind: 'failed', status: 488 };
    case 503:
      // It says that the phone is overloaded, not that we are (§16.7 step 6).
      return { kind: 'failed', status: 500 };
    default:
      return { kind: 'failed', status };
  }
}

/**
 * Redirections without a number are not followed and challenges not answered (a phone's realm is not
 * ours to log in to), so both are the worst of their kind.
 */
function preferenceClass(status: number): number {
  if (status < 400 || status === 401 || status === 407) {
    return 7;
  }
  return Math.floor(status / 100);
}
