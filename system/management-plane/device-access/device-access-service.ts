/** Which doors for devices are open: the one record, read without the database. */
import {
  deviceAccessEntity,
  deviceAccessId,
  type DeviceAccess,
} from '../../configuration/entities/device-access.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import type { DeviceAccessChanges } from '../configuration-store/operation.ts';
import type { RecordChangeOptions } from '../change-options.ts';

const unwritten: Stored<DeviceAccess> = {
  id: deviceAccessId,
  document: deviceAccessEntity.fromStored({}),
  version: 0,
};

export class DeviceAccessService {
  readonly #store: Pick<ConfigurationStore, 'find' | 'commit' | 'onRevision'>;
  #current = unwritten;
  #following: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;

  constructor(store: Pick<ConfigurationStore, 'find' | 'commit' | 'onRevision'>) {
    this.#store = store;
  }

  /** `apply` runs after every revision that touches doors, one after the other. It never rejects. */
  async start(apply: () => Promise<void>): Promise<void> {
    await this.#load();
    this.#stop = this.#store.onRevision((revision) => {
      const isAll = revision.operationCount > revision.operations.length;
      if (isAll || revision.operations.some(({ entity }) => watched.has(entity))) {
        this.#following = this.#following.then(() => this.#load()).then(apply);
      }
    });
  }

  close(): void {
    this.#stop?.();
  }

  /** Resolves when the last revision is followed. */
  settled(): Promise<void> {
    return this.#following;
  }

  get current(): DeviceAccess {
    return this.#current.document;
  }

  get stored(): Stored<DeviceAccess> {
    return this.#current;
  }

  /** Resolves when the doors are as they were asked to be. Rejects with ConfigurationError. */
  async change(
    actor: Actor,
    after: DeviceAccessChanges,
    options: RecordChangeOptions = {},
  ): Promise<Stored<DeviceAccess>> {
    const { reason = '', confirmWithinSec, ifVersion } = options;
    await this.#store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations: [
        { kind: 'update', entity: 'device-access', id: deviceAccessId, after, ifVersion },
      ],
    });
    await this.#following;
    return this.#current;
  }

  async #load(): Promise<void> {
    const stored = await this.#store.find('device-access', deviceAccessId);
    this.#current = (stored as Stored<DeviceAccess> | undefined) ?? unwritten;
  }
}

/** What may open, shut or change a door. */
const watched: ReadonlySet<string> = new Set([
  'device-access',
  'device-authority',
  'redirection-service',
]);
