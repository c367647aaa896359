/** Waits for a condition that only asking can tell: files, other programs, figures of the API. */
const intervalMs = 50;

/** Resolves with the first value that is neither undefined nor false; throws after `timeoutMs`. */
export async function waitUntil<T>(
  ask: () => T | Promise<T>,
  what: string,
  timeoutMs = 20_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined && value !== false) {
      return value as Exclude<T, undefined | false>;
    }
    if (Date.now() > deadline) {
      throw new Error(`In vain waited until ${what}`);
    }
    await new Promise((wake) => setTimeout(wake, intervalMs));
  }
}
