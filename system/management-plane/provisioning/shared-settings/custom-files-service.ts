/** Files that the administrator wrote for devices and groups, served as they are to those that name them. */
import type { DeviceFile } from '../../../configuration/entities/device-file.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import { randomId } from '../../../foundation/ids.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { Operation } from '../../configuration-store/operation.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { DeviceGroupsService } from '../devices/device-groups-service.ts';
import { DevicesError } from '../devices/devices-error.ts';
import type { ChangeOptions, RecordChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import { FollowedEntities } from '../directory/followed-entities.ts';

export type CustomFileInput = {
  readonly [Name in keyof DeviceFile]?: DeviceFile[Name] | null | undefined;
};

/** Who takes a file. */
export interface CustomFileUse {
  readonly devices: readonly string[];
  readonly groups: readonly string[];
}

/** Methods that change reject with DevicesError, and with ConfigurationError as `commit` does. */
export class CustomFilesService {
  readonly #commit: CommitChange;
  readonly #directory: Pick<DeviceDirectory, 'all' | 'settled'>;
  readonly #groups: Pick<DeviceGroupsService, 'all'>;
  readonly #files: FollowedEntities<DeviceFile>;

  constructor(options: {
    readonly store: ConfigurationStore;
    readonly directory: Pick<DeviceDirectory, 'all' | 'settled'>;
    readonly groups: Pick<DeviceGroupsService, 'all'>;
  }) {
    this.#directory = options.directory;
    this.#groups = options.groups;
    this.#files = new FollowedEntities(options.store, 'device-file');
    this.#commit = createCommitChange(options.store, [this.#files, options.directory]);
  }

  start(): Promise<void> {
    return this.#files.start();
  }

  close(): void {
    this.#files.close();
  }

  /** In the order of their names. */
  all(): Stored<DeviceFile>[] {
    return this.#files.all().toSorted((a, b) => (a.document.name < b.document.name ? -1 : 1));
  }

  require(id: string): Stored<DeviceFile> {
    const stored = this.#files.find(id);
    if (stored === undefined) {
      throw new DevicesError('not-found', 'There is no such file.');
    }
    return stored;
  }

  /** Files of the ids that exist, in their order and each once. */
  filesOf(ids: readonly string[]): DeviceFile[] {
    return [...new Set(ids)].flatMap((id) => this.#files.find(id)?.document ?? []);
  }

  async useOf(id: string): Promise<CustomFileUse> {
    const groups = (await this.#groups.all()).filter(({ document }) =>
      document.customFiles.includes(id),
    );
    return {
      devices: this.#devicesWith(id).map(({ id: mac }) => mac),
      groups: groups.map(({ document }) => document.name),
    };
  }

  async create(
    actor: Actor,
    input: CustomFileInput,
    options: ChangeOptions = {},
  ): Promise<Stored<DeviceFile>> {
    const id = randomId();
    this.#requireFreeName(input.name ?? '', id);
    await this.#commit(
      actor,
      [{ kind: 'create', entity: 'device-file', id, after: input }],
      options,
    );
    return this.require(id);
  }

  async update(
    actor: Actor,
    id: string,
    input: CustomFileInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<DeviceFile>> {
    const { document } = this.require(id);
    this.#requireFreeName(input.name ?? document.name, id);
    const { ifVersion } = options;
    await this.#commit(
      actor,
      [{ kind: 'update', entity: 'device-file', id, after: input, ifVersion }],
      options,
    );
    return this.require(id);
  }

  /** Devices and groups lose it in the same revision. */
  async delete(actor: Actor, id: string, options: RecordChangeOptions = {}): Promise<void> {
    this.require(id);
    const { ifVersion } = options;
    const operations: Operation[] = [{ kind: 'delete', entity: 'device-file', id, ifVersion }];
    for (const { id: mac, document } of this.#devicesWith(id)) {
      const customFiles = document.customFiles.filter((file) => file !== id);
      operations.push({ kind: 'update', entity: 'device', id: mac, after: { customFiles } });
    }
    for (const { id: group, document } of await this.#groups.all()) {
      if (document.customFiles.includes(id)) {
        const customFiles = document.customFiles.filter((file) => file !== id);
        operations.push({
          kind: 'update',
          entity: 'device-group',
          id: group,
          after: { customFiles },
        });
      }
    }
    await this.#commit(actor, operations, options);
  }

  #devicesWith(id: string): Stored<Device>[] {
    return [...this.#directory.all()].filter(({ document }) => document.customFiles.includes(id));
  }

  #requireFreeName(name: string, id: string): void {
    if (this.#files.all().some((file) => file.id !== id && file.document.name === name)) {
      throw new DevicesError('conflict', `There is already a file ${name}.`, [
        { path: 'name', code: 'taken', message: `${name} is taken by another file` },
      ]);
    }
  }
}
