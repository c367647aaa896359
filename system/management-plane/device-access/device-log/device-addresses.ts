/**
 * Which devices are known under an address: by what they fetched and registered, and by the neighbours of
 * the PBX, which outweigh the rest. Made anew from time to time while somebody asks.
 */
import type { Clock } from '../../../foundation/clock.ts';
import { readNeighbours } from '../../../foundation/neighbour-table.ts';
import type { DeviceDirectory } from '../../provisioning/directory/device-directory.ts';

export interface DeviceAddressesOptions {
  readonly directory: Pick<DeviceDirectory, 'all' | 'find' | 'show'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export class DeviceAddresses {
  readonly #options: DeviceAddressesOptions;
  #macs: ReadonlyMap<string, readonly string[]> = new Map();
  #madeAtMs: number | undefined;

  constructor(options: DeviceAddressesOptions) {
    this.#options = options;
  }

  /** Resolves with the MACs of devices by address, as they were so long ago at most. Never rejects. */
  async look(maximumAgeMs: number): Promise<ReadonlyMap<string, readonly string[]>> {
    const { directory, clock } = this.#options;
    if (this.#madeAtMs !== undefined && clock.nowMs() - this.#madeAtMs < maximumAgeMs) {
      return this.#macs;
    }
    const neighbours = await readNeighbours();
    const macs = new Map<string, string[]>();
    for (const stored of directory.all()) {
      const { seen, binding } = directory.show(stored);
      for (const address of new Set([seen.address, binding?.remoteAddress])) {
        if (address !== undefined) {
          const present = macs.get(address);
          if (present === undefined) {
            macs.set(address, [stored.id]);
          } else {
            present.push(stored.id);
          }
        }
      }
    }
    for (const { address, mac } of neighbours) {
      if (directory.find(mac) !== undefined) {
        macs.set(address, [mac]);
      }
    }
    this.#macs = macs;
    this.#madeAtMs = clock.nowMs();
    return macs;
  }
}
