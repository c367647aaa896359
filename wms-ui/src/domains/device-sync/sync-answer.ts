/** What a device means by its answer to "fetch your files now" (NOTIFY, RFC 3261 §21, RFC 6665 §8.3). Pure. */

/** Codes of texts: why a device does not fetch, and what to do about it. */
export type SyncAnswer =
  | 'unsupported'
  | 'credentials'
  | 'forbidden'
  | 'unknown-line'
  | 'busy'
  | 'silent'
  | 'refused';

const answers: ReadonlyMap<number, SyncAnswer> = new Map([
  // A device that hears NOTIFY only within a subscription says 481; one that knows no such event, 489.
  ...([405, 420, 481, 489, 501] as const).map((status) => [status, 'unsupported'] as const),
  [401, 'credentials'],
  [407, 'credentials'],
  [403, 'forbidden'],
  [603, 'forbidden'],
  ...([404, 410, 484, 604] as const).map((status) => [status, 'unknown-line'] as const),
  ...([480, 486, 491, 500, 503, 600] as const).map((status) => [status, 'busy'] as const),
  [408, 'silent'],
  [504, 'silent'],
]);

/** Undefined for what is no refusal by the device. */
export function meaningOf(outcome: string, status: number | undefined): SyncAnswer | undefined {
  switch (outcome) {
    case 'no-answer':
      return 'silent';
    case 'refused':
      return status === undefined ? 'refused' : meaningOfStatus(status);
    default:
      return undefined;
  }
}

/** Of a final answer that is no success. */
export function meaningOfStatus(status: number): SyncAnswer {
  return answers.get(status) ?? 'refused';
}
