/** What devices did, in memory, with a copy behind in the database. */
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { inChunks } from '../../storage/column-value.ts';
import type { ProvisioningDatabase } from './provisioning-tables.ts';
import { unseenDevice, type SeenDevice } from './seen-device.ts';
import { WriteBehind } from '../../storage/write-behind.ts';

export interface SeenDevicesOptions {
  readonly database: ProvisioningDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called often; whoever tells others gathers. */
  readonly onChange?: (() => void) | undefined;
}

export class SeenDevices {
  readonly #database: ProvisioningDatabase;
  readonly #devices = new Map<string, SeenDevice>();
  #changed = new Set<string>();
  readonly #writer: WriteBehind;
  readonly #onChange: () => void;

  static async open(options: SeenDevicesOptions): Promise<SeenDevices> {
    const seen = new SeenDevices(options);
    const rows = await options.database.queries.selectFrom('seen_devices').selectAll().execute();
    for (const { mac, document } of rows) {
      seen.#devices.set(mac, { ...unseenDevice(mac), ...(JSON.parse(document) as SeenDevice) });
    }
    return seen;
  }

  private constructor({ database, clock, logger, onChange }: SeenDevicesOptions) {
    this.#onChange = onChange ?? (() => undefined);
    this.#database = database;
    const name = 'What is known of devices';
    this.#writer = new WriteBehind({ clock, logger, name, write: () => this.#write() });
  }

  find(mac: string): SeenDevice {
    return this.#devices.get(mac) ?? unseenDevice(mac);
  }

  change(mac: string, change: Partial<SeenDevice>): SeenDevice {
    const changed = { ...this.find(mac), ...change };
    this.#devices.set(mac, changed);
    this.#changed.add(mac);
    this.#writer.note();
    this.#onChange();
    return changed;
  }

  get macs(): readonly string[] {
    return [...this.#devices.keys()];
  }

  /** The device is as if it had never been seen. */
  forget(mac: string): void {
    this.#devices.delete(mac);
    this.#changed.add(mac);
    this.#writer.note();
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed];
    if (changed.length === 0) {
      return;
    }
    this.#changed = new Set();
    const rows = changed.flatMap((mac) => {
      const device = this.#devices.get(mac);
      return device === undefined ? [] : [{ mac, document: JSON.stringify(device) }];
    });
    await this.#database.transaction(async (transaction) => {
      for (const macs of inChunks(changed)) {
        await transaction.deleteFrom('seen_devices').where('mac', 'in', macs).execute();
      }
      for (const chunk of inChunks(rows, 2)) {
        await transaction.insertInto('seen_devices').values(chunk).execute();
      }
    });
  }
}
