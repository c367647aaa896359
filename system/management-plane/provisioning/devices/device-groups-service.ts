/** Groups of devices: their settings go between those of the model and those of the device. */
import type { DeviceGroup } from '../../../configuration/entities/device-group.ts';
import { randomId } from '../../../foundation/ids.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { Operation } from '../../configuration-store/operation.ts';
import { foldForSearch } from '../../configuration-store/search-text.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import { DevicesError } from './devices-error.ts';
import type { ChangeOptions, RecordChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import { changeSettings, type SettingChanges } from '../../provisioning-values/setting-changes.ts';

export type DeviceGroupInput = {
  readonly [Name in 'name' | 'comment' | 'customLines' | 'customFiles']?:
    | DeviceGroup[Name]
    | null
    | undefined;
} & { readonly settings?: SettingChanges | undefined };

/** Methods reject with DevicesError, and with ConfigurationError as the store's `commit` does. */
export class DeviceGroupsService {
  readonly #store: ConfigurationStore;
  readonly #directory: DeviceDirectory;
  readonly #commit: CommitChange;

  constructor(options: {
    readonly store: ConfigurationStore;
    readonly directory: DeviceDirectory;
  }) {
    this.#store = options.store;
    this.#directory = options.directory;
    this.#commit = createCommitChange(options.store, [options.directory]);
  }

  /** In the order of their names. */
  async all(): Promise<Stored<DeviceGroup>[]> {
    const groups = (await this.#store.findAll('device-group')) as readonly Stored<DeviceGroup>[];
    return groups.toSorted((a, b) =>
      foldForSearch(a.document.name) < foldForSearch(b.document.name) ? -1 : 1,
    );
  }

  async require(id: string): Promise<Stored<DeviceGroup>> {
    const stored = await this.#store.find('device-group', id);
    if (stored === undefined) {
      throw new DevicesError('not-found', 'There is no such device group.');
    }
    return stored as Stored<DeviceGroup>;
  }

  /** How many devices are in the group. */
  countDevices(id: string): number {
    let count = 0;
    for (const { document } of this.#directory.all()) {
      count += document.groups.includes(id) ? 1 : 0;
    }
    return count;
  }

  async create(
    actor: Actor,
    input: DeviceGroupInput,
    options: ChangeOptions = {},
  ): Promise<Stored<DeviceGroup>> {
    const id = randomId();
    await this.#requireFreeName(input.name ?? '', id);
    const after = this.#toChanges(id, undefined, input);
    await this.#commit(actor, [{ kind: 'create', entity: 'device-group', id, after }], options);
    return this.require(id);
  }

  async update(
    actor: Actor,
    id: string,
    input: DeviceGroupInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<DeviceGroup>> {
    const { document } = await this.require(id);
    await this.#requireFreeName(input.name ?? document.name, id);
    const after = this.#toChanges(id, document, input);
    const { ifVersion } = options;
    await this.#commit(
      actor,
      [{ kind: 'update', entity: 'device-group', id, after, ifVersion }],
      options,
    );
    return this.require(id);
  }

  /** Its devices lose it in the same revision. */
  async delete(actor: Actor, id: string, options: RecordChangeOptions = {}): Promise<void> {
    await this.require(id);
    const { ifVersion } = options;
    const operations: Operation[] = [{ kind: 'delete', entity: 'device-group', id, ifVersion }];
    for (const { id: mac, document } of this.#directory.all()) {
      if (document.groups.includes(id)) {
        const groups = document.groups.filter((group) => group !== id);
        operations.push({ kind: 'update', entity: 'device', id: mac, after: { groups } });
      }
    }
    await this.#commit(actor, operations, options);
  }

  #toChanges(id: string, before: DeviceGroup | undefined, input: DeviceGroupInput) {
    const { settings, ...fields } = input;
    if (settings === undefined) {
      return fields;
    }
    const parts = before ?? { settings: {}, secretSettings: {} };
    return { ...fields, ...changeSettings(parts, settings, `device-group/${id}`, this.#store) };
  }

  async #requireFreeName(name: string, id: string): Promise<void> {
    const folded = foldForSearch(name);
    const groups = await this.all();
    if (groups.some((group) => group.id !== id && foldForSearch(group.document.name) === folded)) {
      throw new DevicesError('conflict', `There is already a device group ${name}.`, [
        { path: 'name', code: 'taken', message: `${name} is taken by another group` },
      ]);
    }
  }
}
