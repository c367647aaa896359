/**
 * The free addresses of one subnet: first those that nobody ever had, upwards; then those given
 * back, expired or out of quarantine, longest unused first, so that a phone that was away finds its
 * old address free. Every question costs the same however large the pool is. Pure.
 */
import type { CompiledSubnet } from '../compiled-settings.ts';
import type { Ipv4Address } from '../../ipv4.ts';

export class AddressPool {
  readonly #subnet: CompiledSubnet;
  #rangeIndex = 0;
  #next: Ipv4Address;
  /** Insertion order is the order of re-use. */
  readonly #reusable = new Set<Ipv4Address>();

  constructor(subnet: CompiledSubnet) {
    this.#subnet = subnet;
    this.#next = subnet.ranges[0]?.first ?? 0;
  }

  /** Whether the address may be given to whoever comes: in a range, not excluded, not reserved. */
  contains(address: Ipv4Address): boolean {
    return (
      this.#subnet.ranges.some(({ first, last }) => address >= first && address <= last) &&
      !this.#subnet.excluded.has(address) &&
      !this.#subnet.reservationByAddress.has(address)
    );
  }

  /** How many addresses `contains` holds for. */
  get size(): number {
    const all = this.#subnet.ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    const kept = new Set([...this.#subnet.excluded, ...this.#subnet.reservationByAddress.keys()]);
    const keptInRanges = [...kept].filter((address) =>
      this.#subnet.ranges.some(({ first, last }) => address >= first && address <= last),
    );
    return all - keptInRanges.length;
  }

  /** The address is free again, after all others that are. */
  free(address: Ipv4Address): void {
    this.#reusable.delete(address);
    this.#reusable.add(address);
  }

  /** The address is in use: it is not offered to others. */
  take(address: Ipv4Address): void {
    this.#reusable.delete(address);
  }

  isReusable(address: Ipv4Address): boolean {
    return this.#reusable.has(address);
  }

  /** The best free address; `isUsed` tells of those that have a lease of whatever state. */
  findFree(isUsed: (address: Ipv4Address) => boolean): Ipv4Address | undefined {
    return this.#findNeverUsed(isUsed) ?? this.#reusable.values().next().value;
  }

  #findNeverUsed(isUsed: (address: Ipv4Address) => boolean): Ipv4Address | undefined {
    for (;;) {
      const range = this.#subnet.ranges[this.#rangeIndex];
      if (range === undefined) {
        return undefined;
      }
      if (this.#next > range.last) {
        this.#rangeIndex += 1;
        this.#next = this.#subnet.ranges[this.#rangeIndex]?.first ?? 0;
      } else if (this.contains(this.#next) && !isUsed(this.#next)) {
        return this.#next;
      } else {
        this.#next += 1;
      }
    }
  }
}
