/** Quiet hours of a rollout: when devices may update themselves, by their own clock. Pure. */
import type { QuietHours } from './rollout.ts';

/** `localMinute` is 0 to 1439. */
export function isQuiet(hours: QuietHours | undefined, localMinute: number): boolean {
  if (hours === undefined || hours.fromMin === hours.toMin) {
    return true;
  }
  return hours.fromMin < hours.toMin
    ? localMinute >= hours.fromMin && localMinute < hours.toMin
    : localMinute >= hours.fromMin || localMinute < hours.toMin;
}
