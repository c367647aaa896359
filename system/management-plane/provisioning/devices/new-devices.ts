/**
 * Devices that nobody knew come into the list: those of a short moment in one revision, because a
 * thousand phones that start together would be a thousand revisions. Whoever asks for one waits
 * until it is stored.
 */
import type { Device } from '../../../configuration/entities/device.ts';
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Clock, Timer } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { systemActor } from '../../actor.ts';
import { ConfigurationError } from '../../configuration-store/configuration-error.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import type { DevicesService } from './devices-service.ts';

export interface NewDevicesOptions {
  readonly store: Pick<ConfigurationStore, 'commit'>;
  readonly directory: Pick<DeviceDirectory, 'find' | 'settled'>;
  readonly rejected: Pick<RejectedDirectory, 'has'>;
  readonly devices: Pick<DevicesService, 'planCreation' | 'announce'>;
  readonly history: Pick<DeviceHistory, 'add'>;
  readonly clock: Pick<Clock, 'schedule'>;
  readonly logger: Logger;
}

interface NewDevice {
  readonly mac: string;
  /** Id of the vendor. */
  readonly vendor: string;
  /** Address from which it asked. */
  readonly source: string;
}

interface Waiting extends NewDevice {
  readonly done: (stored: Stored<Device> | undefined) => void;
}

/** Longer than a moment, shorter than any phone waits for its first file. */
const gatherMs = 250;
const maximumPerRevision = 200;

export class NewDevices {
  readonly #options: NewDevicesOptions;
  /** By MAC: two requests at once make one device. */
  readonly #asked = new Map<string, Promise<Stored<Device> | undefined>>();
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;
  #storing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: NewDevicesOptions) {
    this.#options = options;
  }

  /** Resolves when it is stored; undefined when the configuration cannot be changed now. */
  add(device: NewDevice): Promise<Stored<Device> | undefined> {
    let asked = this.#asked.get(device.mac);
    if (asked === undefined) {
      asked = this.#wait(device).finally(() => {
        this.#asked.delete(device.mac);
      });
      this.#asked.set(device.mac, asked);
    }
    return asked;
  }

  /** Stores what waits; later ones are turned away. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#store();
    await this.#storing;
  }

  #wait(device: NewDevice): Promise<Stored<Device> | undefined> {
    if (this.#isClosed) {
      return Promise.resolve(undefined);
    }
    return new Promise((done) => {
      this.#waiting.push({ ...device, done });
      if (this.#waiting.length >= maximumPerRevision) {
        this.#store();
      } else {
        this.#timer ??= this.#options.clock.schedule(gatherMs, () => {
          this.#store();
        });
      }
    });
  }

  #store(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) {
      // One after another: each takes the login numbers that the one before left.
      this.#storing = this.#storing.then(() => this.#storeBatch(batch));
    }
  }

  async #storeBatch(batch: readonly Waiting[]): Promise<void> {
    const { directory, rejected, logger } = this.#options;
    const fresh = batch.filter(
      ({ mac }) => directory.find(mac) === undefined && !rejected.has(mac),
    );
    try {
      await this.#commit(fresh);
    } catch (error) {
      const isOfOne =
        error instanceof ConfigurationError &&
        (error.code === 'conflict' || error.code === 'invalid') &&
        fresh.length > 1;
      if (isOfOne) {
        // Somebody added one of them by hand in this moment: the others are not to suffer.
        for (const device of batch) {
          await this.#storeBatch([device]);
        }
        return;
      }
      logger.warn('New devices could not be put into the list', {
        macs: fresh.map(({ mac }) => mac).slice(0, 10),
        count: fresh.length,
        error: toErrorMessage(error),
      });
    }
    for (const { mac, done } of batch) {
      done(directory.find(mac));
    }
  }

  async #commit(fresh: readonly NewDevice[]): Promise<void> {
    const { store, directory, devices, history, logger } = this.#options;
    if (fresh.length === 0) {
      return;
    }
    const [first] = fresh;
    const count = String(fresh.length);
    await devices.announce(
      fresh.map(({ mac }) => mac),
      () =>
        store.commit({
          author: systemActor,
          reason:
            fresh.length === 1
              ? `A device appeared: ${first?.mac ?? ''}`
              : `${count} devices appeared`,
          operations: devices.planCreation(
            fresh.map(({ mac, vendor }) => ({ mac, input: { vendor } })),
          ),
        }),
    );
    await directory.settled();
    for (const { mac, vendor, source } of fresh) {
      const notes = [{ code: 'text', facts: { text: vendor } }] as const;
      history.add({ mac, kind: 'discovered', address: source, notes });
      logger.info('A new device appeared', { mac, vendor, source });
    }
  }
}
