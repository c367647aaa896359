/** Instants on the wire: ISO 8601, in UTC when they leave, with any time zone when they come. */

/** `ms` since 1970 UTC. */
export function presentInstant(ms: number): string {
  return new Date(ms).toISOString();
}

export function presentOptionalInstant(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : presentInstant(ms);
}

/** The schema has checked the form. */
export function toOptionalMs(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : Date.parse(instant);
}
