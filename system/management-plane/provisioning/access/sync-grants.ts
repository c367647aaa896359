/**
 * After a reset a device knows only its old address. While a sync that an administrator asked for is
 * under way, the old one is good once more, from where the device is known to be, to fetch the new.
 */
import type { Clock } from '../../../foundation/clock.ts';

interface Grant {
  readonly addresses: ReadonlySet<string>;
  readonly untilMs: number;
}

const lifetimeMs = 600_000;

export class SyncGrants {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #grants = new Map<string, Grant>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  give(mac: string, addresses: Iterable<string>): void {
    const nowMs = this.#clock.nowMs();
    for (const [other, { untilMs }] of this.#grants) {
      if (untilMs <= nowMs) {
        this.#grants.delete(other);
      }
    }
    this.#grants.set(mac, { addresses: new Set(addresses), untilMs: nowMs + lifetimeMs });
  }

  admits(mac: string, source: string): boolean {
    const grant = this.#grants.get(mac);
    return (
      grant !== undefined && grant.untilMs > this.#clock.nowMs() && grant.addresses.has(source)
    );
  }
}
