/** How long to wait before the next attempt to reconnect: short at first, never more than `maxMs`. */
const firstMs = 250;
const maxMs = 2_000;

/** `attempt` counts failures since the connection stood; `random` is 0 to 1 and spreads many browsers. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.75 + random * 0.25));
}
