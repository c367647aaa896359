/**
 * Rollouts in the database. A step is stored before it is done: a device that is stored as told and
 * never heard of it is told again when its time is up.
 */
import type { RolloutDevice } from '../../../../../provisioning/firmware/rollout/rollout.ts';
import { inChunks } from '../../../storage/column-value.ts';
import type { FirmwareDatabase } from '../library/firmware-tables.ts';
import type { StoredRollout } from './stored-rollout.ts';

type Head = Omit<StoredRollout, 'devices'>;

export class RolloutStore {
  readonly #database: FirmwareDatabase;
  readonly #rollouts = new Map<string, StoredRollout>();

  static async open(database: FirmwareDatabase): Promise<RolloutStore> {
    const store = new RolloutStore(database);
    const { queries } = database;
    const devices = new Map<string, RolloutDevice[]>();
    const rows = await queries
      .selectFrom('rollout_devices')
      .select(['rollout_id', 'document'])
      .orderBy('position')
      .execute();
    for (const { rollout_id: id, document } of rows) {
      let list = devices.get(id);
      if (list === undefined) {
        list = [];
        devices.set(id, list);
      }
      list.push(JSON.parse(document) as RolloutDevice);
    }
    for (const { id, document } of await queries.selectFrom('rollouts').selectAll().execute()) {
      store.#rollouts.set(id, {
        ...(JSON.parse(document) as Head),
        devices: devices.get(id) ?? [],
      });
    }
    return store;
  }

  private constructor(database: FirmwareDatabase) {
    this.#database = database;
  }

  /** The newest first. */
  all(): readonly StoredRollout[] {
    return [...this.#rollouts.values()].sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  find(id: string): StoredRollout | undefined {
    return this.#rollouts.get(id);
  }

  /** Writes what differs from what is stored. */
  async put(rollout: StoredRollout): Promise<void> {
    const before = new Map(
      (this.#rollouts.get(rollout.id)?.devices ?? []).map((device) => [device.mac, device]),
    );
    const { devices, ...head } = rollout;
    const changed = devices.flatMap((device, position) =>
      before.get(device.mac) === device
        ? []
        : [
            {
              rollout_id: rollout.id,
              mac: device.mac,
              position,
              document: JSON.stringify(device),
            },
          ],
    );
    await this.#database.transaction(async (transaction) => {
      await transaction
        .replaceInto('rollouts')
        .values({
          id: rollout.id,
          created_at_ms: rollout.createdAtMs,
          document: JSON.stringify(head),
        })
        .execute();
      for (const chunk of inChunks(changed, 4)) {
        await transaction.replaceInto('rollout_devices').values(chunk).execute();
      }
    });
    this.#rollouts.set(rollout.id, rollout);
  }

  async delete(id: string): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      await transaction.deleteFrom('rollout_devices').where('rollout_id', '=', id).execute();
      await transaction.deleteFrom('rollouts').where('id', '=', id).execute();
    });
    this.#rollouts.delete(id);
  }
}
