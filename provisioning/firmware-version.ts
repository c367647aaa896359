/** Firmware versions as vendors write them: numbers between dots, dashes and letters. */

/**
 * Negative when `a` is older than `b`. `skip` leading numbers of `a` name hardware (Yealink's
 * `96.86.0.70` is version 86.0.70); `b` is written without them. Missing numbers count as 0, and a
 * single letter behind a number as a step after it (Cisco's `7.6.2e` is younger than `7.6.2`).
 */
export function compareFirmware(a: string, b: string, skip = 0): number {
  return compareParts(partsOf(a).slice(skip), partsOf(b));
}

/** The same of two versions that both begin with the numbers that name hardware. */
export function compareImages(a: string, b: string, skip = 0): number {
  return compareParts(partsOf(a).slice(skip), partsOf(b).slice(skip));
}

function compareParts(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function partsOf(version: string): number[] {
  const parts: number[] = [];
  for (const [, digits = '', letter] of version
    .slice(0, 64)
    .toLowerCase()
    .matchAll(/(\d{1,9})(?:([a-z])(?![a-z]))?/g)) {
    // 27 steps for every number: none, then a to z.
    parts.push(Number(digits) * 27 + (letter === undefined ? 0 : letter.charCodeAt(0) - 96));
  }
  return parts;
}
