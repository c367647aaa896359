/**
 * Devices whose identity is in doubt: one that tells two MACs, and one whose files are fetched in turns
 * from two addresses, because two devices have the same MAC or somebody took its secret address. Nobody
 * is kept out: it is told in the device's history, and the second kind to administrators for an hour.
 */
import type { Clock } from '../../../foundation/clock.ts';
import { isPrivateAddress } from '../../../foundation/private-network.ts';
import type { EventNote } from '../../event-note.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';

interface Addresses {
  readonly now: string;
  readonly before: string | undefined;
  /** When it went from one to the other. */
  readonly changedAtMs: number;
}

interface SharedMac {
  readonly mac: string;
  readonly first: string;
  readonly second: string;
}

const shownMs = 3_600_000;
/** A device that comes back to its address later has moved, or had another lease. */
const turnMs = 1_800_000;
/** The same doubt again within a day is no news. */
const sameMs = 86_400_000;
const maximumRemembered = 10_000;
const maximumNamed = 3;

export class DoubtfulDevices {
  readonly #clock: Pick<Clock, 'wallMs' | 'schedule'>;
  readonly #history: Pick<DeviceHistory, 'add'>;
  /** A sentence for administrators, or undefined when it is over. */
  readonly #onProblem: (sentence: string | undefined) => void;
  readonly #addresses = new Map<string, Addresses>();
  readonly #toldAtMs = new Map<string, number>();
  readonly #shared = new Map<string, SharedMac>();

  constructor(options: {
    readonly clock: Pick<Clock, 'wallMs' | 'schedule'>;
    readonly history: Pick<DeviceHistory, 'add'>;
    readonly onProblem: (sentence: string | undefined) => void;
  }) {
    this.#clock = options.clock;
    this.#history = options.history;
    this.#onProblem = options.onProblem;
  }

  /** `others`: MACs that its request told beside its own. */
  noteMacs(mac: string, source: string, others: readonly string[]): void {
    for (const other of others) {
      if (this.#isNews(`${mac} ${other}`)) {
        this.#tell(mac, source, { code: 'two-macs', facts: { mac: other } });
      }
    }
  }

  /**
   * It got a file. Two public addresses in turns are one router with two lines, one of IPv4 and one of
   * IPv6 are one device, not two.
   */
  noteAddress(mac: string, source: string): void {
    const known = this.#addresses.get(mac);
    if (known?.now === source) {
      return;
    }
    const nowMs = this.#clock.wallMs();
    this.#addresses.delete(mac);
    forgetOldest(this.#addresses);
    this.#addresses.set(mac, { now: source, before: known?.now, changedAtMs: nowMs });
    if (known?.before !== source || nowMs - known.changedAtMs >= turnMs) {
      return;
    }
    const isOneRouter = !isPrivateAddress(source) && !isPrivateAddress(known.now);
    const isBothFamilies = source.includes(':') !== known.now.includes(':');
    if (isOneRouter || isBothFamilies) {
      return;
    }
    const [first = source, second = known.now] = [source, known.now].sort();
    if (!this.#isNews(`${mac} ${first} ${second}`)) {
      return;
    }
    this.#tell(mac, source, { code: 'two-addresses', facts: { first, second } });
    this.#shared.set(mac, { mac, first, second });
    this.#show();
    this.#clock.schedule(shownMs, () => {
      this.#shared.delete(mac);
      this.#show();
    });
  }

  #isNews(doubt: string): boolean {
    const nowMs = this.#clock.wallMs();
    const toldAtMs = this.#toldAtMs.get(doubt);
    if (toldAtMs !== undefined && nowMs - toldAtMs < sameMs) {
      return false;
    }
    this.#toldAtMs.delete(doubt);
    forgetOldest(this.#toldAtMs);
    this.#toldAtMs.set(doubt, nowMs);
    return true;
  }

  #tell(mac: string, address: string, note: EventNote): void {
    this.#history.add({ mac, kind: 'doubtful', address, notes: [note] });
  }

  #show(): void {
    const all = [...this.#shared.values()];
    const named = all
      .slice(-maximumNamed)
      .map(({ mac, first, second }) => `${mac} (${first}, ${second})`);
    const rest = all.length - named.length;
    const more = rest === 0 ? '' : `, +${String(rest)}`;
    this.#onProblem(
      all.length === 0
        ? undefined
        : `Two addresses fetch the files of one device in turns: ${named.join('; ')}${more}. Two devices have the same MAC, or somebody uses its secret address: reset its password.`,
    );
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size >= maximumRemembered && oldest !== undefined) {
    map.delete(oldest);
  }
}
