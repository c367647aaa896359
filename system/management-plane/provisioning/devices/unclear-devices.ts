/**
 * New devices that do not come into the list because what they tell fits several vendors: an
 * administrator has to say which one it is. Bounded, and forgotten after an hour.
 */
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';

export interface UnclearDevice {
  readonly mac: string;
  readonly source: string;
  /** Names of those that it may be of. */
  readonly vendors: readonly string[];
}

const shownMs = 3_600_000;
const maximumShown = 100;
const maximumNamed = 3;

export class UnclearDevices {
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #logger: Logger;
  /** A sentence for administrators, or undefined when it is over. */
  readonly #onProblem: (sentence: string | undefined) => void;
  readonly #devices = new Map<string, UnclearDevice>();

  constructor(options: {
    readonly clock: Pick<Clock, 'schedule'>;
    readonly logger: Logger;
    readonly onProblem: (sentence: string | undefined) => void;
  }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onProblem = options.onProblem;
  }

  /** Once for each device: phones ask for many files, again and again. */
  note(device: UnclearDevice): void {
    if (this.#devices.has(device.mac) || this.#devices.size >= maximumShown) {
      return;
    }
    this.#devices.set(device.mac, device);
    this.#logger.warn('The vendor of a new device cannot be told', { ...device });
    this.#tell();
    this.#clock.schedule(shownMs, () => this.forget(device.mac));
  }

  /** Somebody said what it is, or its time is over. */
  forget(mac: string): void {
    if (this.#devices.delete(mac)) {
      this.#tell();
    }
  }

  #tell(): void {
    const all = [...this.#devices.values()];
    const named = all
      .slice(-maximumNamed)
      .map(({ mac, source, vendors }) => `${mac} (${source}) may be of ${vendors.join(' or ')}`);
    const rest = all.length - named.length;
    const more = rest === 0 ? '' : `, and ${String(rest)} more`;
    this.#onProblem(
      all.length === 0
        ? undefined
        : `New devices fit several vendors: ${named.join('; ')}${more}. Add them by MAC and vendor.`,
    );
  }
}
