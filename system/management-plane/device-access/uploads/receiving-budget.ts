/**
 * How many bytes of uploads wait in memory for their end: a device that sends many files slowly at once
 * must not fill it, nor take what other devices need. Pure.
 */
export interface ReceivingLimits {
  readonly deviceBytes: number;
  readonly allBytes: number;
}

export class ReceivingBudget {
  readonly #limits: ReceivingLimits;
  readonly #byDevice = new Map<string, number>();
  #all = 0;

  constructor(limits: ReceivingLimits) {
    this.#limits = limits;
  }

  /** False where there is no room; then nothing is taken. */
  take(mac: string, bytes: number): boolean {
    const ofDevice = (this.#byDevice.get(mac) ?? 0) + bytes;
    if (ofDevice > this.#limits.deviceBytes || this.#all + bytes > this.#limits.allBytes) {
      return false;
    }
    this.#byDevice.set(mac, ofDevice);
    this.#all += bytes;
    return true;
  }

  /** What was taken before. */
  give(mac: string, bytes: number): void {
    const left = (this.#byDevice.get(mac) ?? 0) - bytes;
    if (left <= 0) {
      this.#byDevice.delete(mac);
    } else {
      this.#byDevice.set(mac, left);
    }
    this.#all -= bytes;
  }
}
