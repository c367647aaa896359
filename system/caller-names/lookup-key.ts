/**
 * The form of a phone number under which its owner's name is found: `+` and digits (E.164) for
 * numbers of the world, digits alone for numbers of this system. Pure and cheap, because the call
 * plane makes one per call; what only a telephone plan knows comes with the `NumberPlan`.
 */

/** How numbers are dialled in the country of the system. */
export interface NumberPlan {
  /** `39`, `49`, `1` */
  readonly countryCode: string;
  /** What stands before national numbers and is not part of them: `0` in Germany, empty in Italy. */
  readonly nationalPrefix: string;
  /** What stands before a country code; `00` always counts. */
  readonly internationalPrefix: string;
}

/** Numbers up to so many digits are those of this system, of services and of emergencies. */
export const shortNumberDigits = 6;

/** Longer is no number (E.164 has 15 digits; prefixes come before them). */
const maximumDigits = 20;

/**
 * `isInternal`: it is known to be a number of this system, whatever its length. Empty when the text
 * is no number.
 */
export function toLookupKey(text: string, plan: NumberPlan, isInternal = false): string {
  const isGlobal = text.trimStart().startsWith('+');
  // `+49 (0)30 …` writes the national prefix for who dials inside the country.
  const digits = (isGlobal ? text.replace('(0)', '') : text).replace(
    /[\s().\-/+\u00a0\u2010-\u2015]/g,
    '',
  );
  if (!/^[0-9*#]+$/.test(digits) || digits.length > maximumDigits) {
    return '';
  }
  if (isGlobal) {
    return `+${digits}`;
  }
  if (isInternal || digits.length <= shortNumberDigits || /[*#]/.test(digits)) {
    return digits;
  }
  for (const prefix of ['00', plan.internationalPrefix]) {
    if (prefix !== '' && digits.startsWith(prefix)) {
      return `+${digits.slice(prefix.length)}`;
    }
  }
  const { nationalPrefix } = plan;
  const national =
    nationalPrefix !== '' && digits.startsWith(nationalPrefix)
      ? digits.slice(nationalPrefix.length)
      : digits;
  return `+${plan.countryCode}${national}`;
}
