/**
 * Digits that a caller types at a question: # ends them, so does * (the habit of who dials it all at
 * once), a pause, or their greatest number. Pure: the time is passed in.
 */

export interface DigitRules {
  /** How long the first digit may take. */
  readonly firstMs: number;
  /** How long each further one may; then what is there is all. */
  readonly betweenMs: number;
  /** How long all of them may. */
  readonly longestMs: number;
  readonly maximumDigits: number;
}

export interface DigitEntry {
  readonly digits: string;
  readonly startedAtMs: number;
  readonly lastAtMs: number;
  readonly isEnded: boolean;
}

export function beginEntry(nowMs: number): DigitEntry {
  return { digits: '', startedAtMs: nowMs, lastAtMs: nowMs, isEnded: false };
}

/** A key was pressed. Keys that end come to nothing before the first digit, and so do A to D always. */
export function pressKey(
  entry: DigitEntry,
  key: string,
  rules: DigitRules,
  nowMs: number,
): DigitEntry {
  if (entry.isEnded) {
    return entry;
  }
  if (key === '#' || key === '*') {
    return { ...entry, isEnded: entry.digits !== '' };
  }
  if (!/^[0-9]$/.test(key)) {
    return entry;
  }
  const digits = entry.digits + key;
  return { ...entry, digits, lastAtMs: nowMs, isEnded: digits.length >= rules.maximumDigits };
}

/** What was entered, empty when nothing came in time; undefined: more may come. */
export function findResult(
  entry: DigitEntry,
  rules: DigitRules,
  nowMs: number,
): string | undefined {
  const { digits, startedAtMs, lastAtMs, isEnded } = entry;
  const waitMs = digits === '' ? rules.firstMs : rules.betweenMs;
  const isOver = isEnded || nowMs - lastAtMs >= waitMs || nowMs - startedAtMs >= rules.longestMs;
  return isOver ? digits : undefined;
}
