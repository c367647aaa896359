/** Firmware versions as vendors write them: numbers between dots, dashes and letters. */

/**
 * Negative when `a` is older than `b`. `skip` leading numbers of `a` name hardware (Yealink's
 * `96.86.0.70` is version 86.0.70); `b` is written without them. Missing numbers count as 0.
 */
export function compareFirmware(a: string, b: string, skip = 0): number {
  const left = numbersOf(a).slice(skip);
  const right = numbersOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (version.slice(0, 64).match(/\d{1,9}/g) ?? []).map(Number);
}
