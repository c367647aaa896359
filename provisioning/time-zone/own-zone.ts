/**
 * A time zone that no database has: offset, and when summer time begins and ends, as a POSIX TZ string
 * (IEEE 1003.1 §8.3) such as `LOC-1SUM-2,M3.5.0/2,M10.5.0/3`. Only what phones can be told: a change is
 * the first to fourth or the last (5) weekday of a month, at a time within the day.
 */
import { parsePosixZone, type ZoneRule } from './posix-zone.ts';

const name = '[A-Za-z]{3,8}';
const offset = '[+-]?\\d{1,2}(?::[0-5]\\d)?';
const change = 'M(?:[1-9]|1[0-2])\\.[1-5]\\.[0-6](?:/(?:1?\\d|2[0-3])(?::[0-5]\\d)?)?';
const ownZone = new RegExp(`^${name}${offset}(?:${name}(?:${offset})?,${change},${change})?$`);
const maximumOffsetMin = 14 * 60;
const maximumSaveMin = 180;

/** Undefined when it is no such rule. */
export function parseOwnZone(text: string): ZoneRule | undefined {
  if (!ownZone.test(text)) {
    return undefined;
  }
  const rule = parsePosixZone(text);
  const { offsetMin, summerTime } = rule;
  const isPossible =
    Math.abs(offsetMin) <= maximumOffsetMin &&
    (summerTime === undefined || (summerTime.saveMin > 0 && summerTime.saveMin <= maximumSaveMin));
  return isPossible ? rule : undefined;
}
