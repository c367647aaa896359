/** Entity tags (RFC 9110 §8.8.3): the version of an entity in quotes, and If-Match. */
import { ApiError } from './api-error.ts';

/** What If-Match asks: one of these versions, or any that exists (`*`). */
export type VersionCondition = 'any' | readonly number[];

const maxHeaderLength = 500;

export function toEntityTag(version: number): string {
  return `"${String(version)}"`;
}

/** Undefined when the header is missing; an unreadable tag matches nothing. Weak tags never match. */
export function parseIfMatch(header: string | undefined): VersionCondition | undefined {
  if (header === undefined || header.trim() === '') {
    return undefined;
  }
  if (header.trim() === '*') {
    return 'any';
  }
  const versions: number[] = [];
  for (const tag of header.slice(0, maxHeaderLength).split(',')) {
    const digits = /^"(\d{1,15})"$/.exec(tag.trim())?.[1];
    if (digits !== undefined) {
      versions.push(Number(digits));
    }
  }
  return versions;
}

/** Throws ApiError `stale` (412) unless `version` is one that was asked for. */
export function requireVersion(condition: VersionCondition, version: number): void {
  if (condition !== 'any' && !condition.includes(version)) {
    throw new ApiError('stale', 'It was changed in between; load it again and repeat the change.');
  }
}
