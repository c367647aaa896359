/**
 * Opening a DECT system for new handsets: the data master's file says so and the base is told to
 * fetch it, and once more when the time is over. Where a vendor has no such parameter, people do it
 * at the base.
 */
import type { Logger } from '../../../foundation/logger.ts';
import { systemActor, type Actor } from '../../actor.ts';
import type { Stored } from '../../configuration-store/configuration-store.ts';
import type { DectSystem } from '../../../configuration/entities/dect-system.ts';
import type { VendorAndModel } from '../files/device-files.ts';
import type { DeviceSync, SyncOutcome } from '../sync/device-sync.ts';
import { DevicesError } from '../devices/devices-error.ts';
import type { DectOpenings, Opening } from './dect-openings.ts';
import type { DectSystemsService } from './dect-systems-service.ts';

export interface DectSubscriptionOptions {
  readonly systems: Pick<DectSystemsService, 'require'>;
  readonly openings: DectOpenings;
  readonly sync: Pick<DeviceSync, 'sync'>;
  readonly modelOf: (mac: string) => VendorAndModel | undefined;
  readonly logger: Logger;
}

export interface OpenedSystem {
  readonly opening: Opening;
  /** Whether the base was told; otherwise it learns it when it next asks for its file. */
  readonly sync: SyncOutcome;
}

export class DectSubscription {
  readonly #options: DectSubscriptionOptions;

  constructor(options: DectSubscriptionOptions) {
    this.#options = options;
    options.openings.onEnd = (system) => {
      this.#close(system).catch((error: unknown) => {
        options.logger.warn('A DECT system could not be closed for new handsets', {
          system,
          error,
        });
      });
    };
  }

  /** Rejects with `conflict` where that is done at the base itself. */
  async open(actor: Actor, id: string, minutes: number, address: string): Promise<OpenedSystem> {
    const { openings, systems, modelOf } = this.#options;
    const system = systems.require(id);
    const model = modelOf(system.document.dataMaster ?? '')?.model;
    if (model?.dect?.opensBy !== 'file') {
      throw new DevicesError(
        'conflict',
        model === undefined
          ? 'The model of the data master is not known yet.'
          : `${model.name} takes new handsets by its own key or web page only.`,
      );
    }
    const opening = openings.open(id, minutes);
    return { opening, sync: await this.#tell(actor, system, address) };
  }

  async close(actor: Actor, id: string, address: string): Promise<SyncOutcome | undefined> {
    const system = this.#options.systems.require(id);
    return this.#options.openings.close(id) ? this.#tell(actor, system, address) : undefined;
  }

  async #close(id: string): Promise<void> {
    await this.#tell(systemActor, this.#options.systems.require(id), '');
  }

  async #tell(
    actor: Actor,
    { document }: Stored<DectSystem>,
    address: string,
  ): Promise<SyncOutcome> {
    const { dataMaster } = document;
    if (dataMaster === undefined) {
      return 'not-registered';
    }
    const [result] = await this.#options.sync.sync(actor, {
      macs: [dataMaster],
      reboots: false,
      duringCalls: true,
      address,
    });
    return result?.outcome ?? 'not-registered';
  }
}
