/** Entity tags (RFC 9110 §8.8.3): the version of an entity in quotes, and If-Match. */

/** What If-Match asks: this version, or any that exists (`*`). */
export type VersionCondition = 'any' | number;

/** No entity has it: what cannot be read matches nothing. */
const noVersion = -1;

export function toEntityTag(version: number): string {
  return `"${String(version)}"`;
}

/**
 * Undefined when the header is missing. One tag is understood; lists and weak tags, which no client
 * of ours was ever given, match nothing.
 */
export function parseIfMatch(header: string | undefined): VersionCondition | undefined {
  const value = header?.trim() ?? '';
  if (value === '') {
    return undefined;
  }
  if (value === '*') {
    return 'any';
  }
  const digits = /^"(\d{1,15})"$/.exec(value)?.[1];
  return digits === undefined ? noVersion : Number(digits);
}

/** For `ifVersion` of the configuration store. */
export function toIfVersion(condition: VersionCondition): number | undefined {
  return condition === 'any' ? undefined : condition;
}
