/** The date in names of downloaded files: `2026-03-01`, UTC. */
export function toDateName(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}
