/** Addresses with many wrong logins are not let in for a while. Bounded; time comes in. */

const windowMs = 600_000;
const maximumFailures = 10;
const maximumAddresses = 2_000;

interface Failures {
  readonly sinceMs: number;
  count: number;
}

export class LoginGuard {
  readonly #byAddress = new Map<string, Failures>();

  /** Whether this was the one too many. */
  note(address: string, nowMs: number): boolean {
    let failures = this.#find(address, nowMs);
    if (failures === undefined) {
      this.#byAddress.delete(address);
      const [oldest] = this.#byAddress.keys();
      if (this.#byAddress.size >= maximumAddresses && oldest !== undefined) {
        this.#byAddress.delete(oldest);
      }
      failures = { sinceMs: nowMs, count: 0 };
      this.#byAddress.set(address, failures);
    }
    failures.count += 1;
    return failures.count === maximumFailures;
  }

  isBlocked(address: string, nowMs: number): boolean {
    return (this.#find(address, nowMs)?.count ?? 0) >= maximumFailures;
  }

  /** The password has changed, or the administrator knows better. */
  forgive(): void {
    this.#byAddress.clear();
  }

  #find(address: string, nowMs: number): Failures | undefined {
    const failures = this.#byAddress.get(address);
    return failures !== undefined && nowMs - failures.sinceMs <= windowMs ? failures : undefined;
  }
}
