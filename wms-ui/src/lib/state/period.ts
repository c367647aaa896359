/** Dates of the filter (days in the browser's time zone) as instants of the API. */
export interface PeriodFilters {
  readonly from?: string;
  readonly to?: string;
}

/** `2026-03-01` as the beginning of that day, or of the next one; undefined when it is no date. */
export function startOfDay(day: string | undefined, daysLater = 0): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '');
  if (match === null) {
    return undefined;
  }
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + daysLater);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Both days are included. */
export function toInstants(filters: PeriodFilters): {
  readonly from: string | undefined;
  readonly to: string | undefined;
} {
  return { from: startOfDay(filters.from), to: startOfDay(filters.to, 1) };
}

/** Wall-clock milliseconds as the API writes an instant. */
export function toInstant(atMs: number): string {
  return new Date(atMs).toISOString();
}
