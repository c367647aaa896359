/**
 * Tells a device that is seen for the first time, or as something new, from one that merely repeats
 * itself: discovery of new phones is their first DISCOVER. Bounded memory. Pure.
 */
import type { ClientFacts } from './message/client-facts.ts';

/** Said again after this, so that a listener that was away hears of it. */
const repeatAfterMs = 600_000;
const maximumDevices = 8_192;

interface Sighting {
  readonly signature: string;
  readonly atMs: number;
}

export class DeviceSightings {
  /** Oldest first. */
  readonly #seen = new Map<string, Sighting>();

  isNews(facts: ClientFacts, nowMs: number): boolean {
    const signature = [facts.vendorClass?.text, facts.userClass, facts.hostName].join('\n');
    const before = this.#seen.get(facts.key);
    if (before?.signature === signature && nowMs - before.atMs < repeatAfterMs) {
      return false;
    }
    this.#seen.delete(facts.key);
    this.#seen.set(facts.key, { signature, atMs: nowMs });
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size > maximumDevices) {
      this.#seen.delete(oldest);
    }
    return true;
  }
}
