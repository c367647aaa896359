/** Minutes of a day as clocks show them, and back. */

/** `22:05` of 1325. */
export function toClock(minute: number): string {
  const hour = Math.floor(minute / 60);
  return `${String(hour).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** 1325 of `22:05`; undefined when it is no time of day. */
export function parseClock(text: string): number | undefined {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined || minute === undefined
    ? undefined
    : Number(hour) * 60 + Number(minute);
}
