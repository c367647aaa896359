/**
 * When a part that ended unasked is started again (pure). The first restart is at once, because a
 * single fault should hardly be seen; a part that keeps failing is tried ever more slowly, for ever.
 */
const firstDelayMs = 0;
const secondDelayMs = 500;
const longestDelayMs = 30_000;
/** A part that ran this long is considered well again. */
const wellAfterMs = 60_000;

export interface RestartPolicy {
  readonly failures: number;
}

export const untroubled: RestartPolicy = { failures: 0 };

/** `ranForMs`: how long the part ran before it failed. */
export function planRestart(
  policy: RestartPolicy,
  ranForMs: number,
): { readonly policy: RestartPolicy; readonly delayMs: number } {
  const failures = ranForMs >= wellAfterMs ? 1 : policy.failures + 1;
  const delayMs =
    failures === 1
      ? firstDelayMs
      : Math.min(secondDelayMs * 2 ** Math.min(failures - 2, 16), longestDelayMs);
  return { policy: { failures }, delayMs };
}
