/**
 * POSIX TZ strings (IEEE 1003.1 §8.3, with the hours beyond a day of RFC 9636 §3.3.1) read into the
 * yearly rule that phones can be told: offset, and when summer time begins and ends.
 */
import { ProvisioningError } from '../provisioning-error.ts';

/** A yearly moment, in the wall clock that runs before the change. */
export interface ZoneChange {
  /** 1–12. */
  readonly month: number;
  /** 1–5, 5 is the last of the month. */
  readonly week: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 0–1439 minutes after midnight. */
  readonly timeMin: number;
  /** The weekday on or after this day of the month, for phones that count so; -1 is the last one. */
  readonly dayOnOrAfter: number;
}

export interface ZoneRule {
  /** IEEE 1003.1 form, names in letters, every summer offset and time of change written out. */
  readonly posix: string;
  /** Minutes east of Greenwich in standard time. */
  readonly offsetMin: number;
  readonly summerTime?: {
    /** Minutes that summer time adds. */
    readonly saveMin: number;
    readonly start: ZoneChange;
    readonly end: ZoneChange;
  };
}

const posixZone =
  /^(<[^>]+>|[A-Za-z]+)([+-]?\d+(?::\d+)?)(?:(<[^>]+>|[A-Za-z]+)([+-]?\d+(?::\d+)?)?,(.+),(.+))?$/;

/**
 * Times beyond the day (`/26`, `/-1`) move the weekday. That is exact for the form "on or after
 * day N" and right in most years for the form "Nth weekday", which phones with that form share as
 * their limit (it concerns Israel, Palestine, Egypt, Chile and Greenland).
 */
export function parsePosixZone(posix: string): ZoneRule {
  const match = posixZone.exec(posix);
  if (match === null) {
    throw new ProvisioningError('vendor-data', `not a POSIX time zone: ${posix}`);
  }
  const [, , offset = '0', summerName, summerOffset, start, end] = match;
  const name = toLetters(match[1] ?? '', 'STD');
  const offsetMin = 0 - toMinutes(offset);
  if (summerName === undefined || start === undefined || end === undefined) {
    return { posix: `${name}${offset}`, offsetMin };
  }
  const summerMin = summerOffset === undefined ? offsetMin + 60 : 0 - toMinutes(summerOffset);
  const summer = toLetters(summerName, 'DST');
  const saveMin = summerMin - offsetMin;
  if (saveMin < 0) {
    // Ireland defines winter as the exception; phones know only the other way round.
    return {
      posix: `${summer}${toPosixOffset(summerMin)}${name}${offset},${withTime(end)},${withTime(start)}`,
      offsetMin: summerMin,
      summerTime: { saveMin: -saveMin, start: parseChange(end), end: parseChange(start) },
    };
  }
  return {
    posix: `${name}${offset}${summer}${toPosixOffset(summerMin)},${withTime(start)},${withTime(end)}`,
    offsetMin,
    summerTime: { saveMin, start: parseChange(start), end: parseChange(end) },
  };
}

/** Phones take letters only, `<-04>` says nothing that the offset does not. */
function toLetters(name: string, replacement: string): string {
  return name.startsWith('<') ? replacement : name;
}

function withTime(change: string): string {
  return change.includes('/') ? change : `${change}/2`;
}

function parseChange(text: string): ZoneChange {
  const match = /^M(\d+)\.(\d)\.(\d)(?:\/(-?\d+(?::\d+)?))?$/.exec(text);
  if (match === null) {
    throw new ProvisioningError('vendor-data', `not a POSIX change: ${text}`);
  }
  const week = Number(match[2]);
  const totalMin = toMinutes(match[4] ?? '2');
  const days = Math.floor(totalMin / 1440);
  return {
    month: Number(match[1]),
    week,
    weekday: (Number(match[3]) + days + 7) % 7,
    timeMin: totalMin - days * 1440,
    dayOnOrAfter: week === 5 ? -1 : (week - 1) * 7 + 1 + days,
  };
}

/** `-5:30` → -330, POSIX counts west as positive. */
function toMinutes(text: string): number {
  const [hours = '0', minutes = '0'] = text.replace(/^[+-]/, '').split(':');
  const value = Number(hours) * 60 + Number(minutes);
  return text.startsWith('-') ? -value : value;
}

function toPosixOffset(offsetMin: number): string {
  const west = -offsetMin;
  const minutes = Math.abs(west) % 60;
  const hours = Math.floor(Math.abs(west) / 60);
  return `${west < 0 ? '-' : ''}${hours}${minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`}`;
}
