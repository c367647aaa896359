/**
 * All devices in memory, kept up to date with every revision: lists join them with what devices did
 * and with registrations, and requests of devices are answered without asking the database.
 */
import { loginNameOf, type Device } from '../../../configuration/entities/device.ts';
import type { User } from '../../../configuration/entities/user.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type {
  ConfigurationStore,
  Page,
  Stored,
} from '../../configuration-store/configuration-store.ts';
import type { RevisionSummary } from '../../configuration-store/revision.ts';
import type { RegistrationDirectory } from '../../registrations/registration-directory.ts';
import {
  openDeviceCredentials,
  type DeviceCredentials,
} from '../../device-accounts/device-credentials.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { DectDirectory } from './dect-directory.ts';
import { findBinding, findEndedBinding } from './find-binding.ts';
import type { DeviceUser, ListedDevice } from './listed-device.ts';
import { queryDevices, type DeviceQuery } from './query-devices.ts';
import { TokenIndex, type TokenMatch } from './token-index.ts';

export interface DeviceDirectoryOptions {
  readonly store: Pick<
    ConfigurationStore,
    'findAll' | 'findMany' | 'findUsers' | 'onRevision' | 'seal' | 'unseal'
  >;
  readonly seen: SeenDevices;
  readonly registrations: Pick<
    RegistrationDirectory,
    'bindingsOf' | 'bindingsOfDevice' | 'endedBindingOf'
  >;
  /** Handsets register for their bases. */
  readonly dect: Pick<DectDirectory, 'handsetsOfBase' | 'highestLoginNumber'>;
  readonly logger: Logger;
}

export class DeviceDirectory {
  readonly #options: DeviceDirectoryOptions;
  readonly #devices = new Map<string, Stored<Device>>();
  readonly #users = new Map<string, DeviceUser>();
  readonly #tokens = new TokenIndex();
  readonly #unreadable = new Set<string>();
  #highestLoginNumber = 0;
  #loading: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;

  constructor(options: DeviceDirectoryOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#reload();
    this.#stop = this.#options.store.onRevision((revision) => {
      this.#loading = this.#loading
        .then(() => this.#follow(revision))
        .catch((error: unknown) => {
          this.#options.logger.error('The list of devices could not be brought up to date', {
            error,
          });
        });
    });
  }

  close(): void {
    this.#stop?.();
  }

  /** Resolves when every revision that was told is followed. */
  settled(): Promise<void> {
    return this.#loading;
  }

  get size(): number {
    return this.#devices.size;
  }

  /** Devices whose secrets cannot be read with the key of this installation. */
  get unreadableCount(): number {
    return this.#unreadable.size;
  }

  find(mac: string): Stored<Device> | undefined {
    return this.#devices.get(mac);
  }

  findByToken(token: string): TokenMatch {
    return this.#tokens.find(token);
  }

  all(): Iterable<Stored<Device>> {
    return this.#devices.values();
  }

  /** Undefined when it has none, or when they cannot be read. */
  credentialsOf({ document: { mac, credentials } }: Stored<Device>): DeviceCredentials | undefined {
    if (credentials === undefined) {
      return undefined;
    }
    try {
      return openDeviceCredentials(credentials, mac, this.#options.store);
    } catch (error) {
      this.#options.logger.warn('The secrets of a device cannot be read', { mac, error });
      return undefined;
    }
  }

  show(stored: Stored<Device>): ListedDevice {
    const { document } = stored;
    const { mac } = document;
    const { dect, registrations } = this.#options;
    const users = document.lines.flatMap((id) => this.#users.get(id) ?? []);
    const seen = this.#options.seen.find(mac);
    const userIds = users.map(({ id }) => id);
    const handsetIds = dect.handsetsOfBase(mac).map(({ id }) => id);
    const registering = { mac, userIds, handsetIds, address: seen.address };
    const binding = findBinding(registering, registrations);
    return {
      stored,
      seen,
      users,
      extension: users[0] === undefined ? loginNameOf(document) : users[0].extension,
      binding,
      way: binding ?? findEndedBinding(registering, registrations),
    };
  }

  list(query: DeviceQuery): Page<ListedDevice> {
    return queryDevices(this.#devices.values(), (stored) => this.show(stored), query);
  }

  /** A number for `loginX` that no device has, nor had lately: a deleted one may come back. */
  nextLoginNumber(): number {
    return Math.max(this.#highestLoginNumber, this.#options.dect.highestLoginNumber) + 1;
  }

  async #follow(revision: RevisionSummary): Promise<void> {
    if (revision.operationCount > revision.operations.length) {
      await this.#reload();
      return;
    }
    const idsOf = (kind: 'device' | 'user'): string[] =>
      revision.operations.filter(({ entity }) => entity === kind).map(({ id }) => id);
    const macs = idsOf('device');
    if (macs.length > 0) {
      const found = await this.#options.store.findMany('device', macs);
      for (const mac of macs) {
        this.#remove(mac);
      }
      found.forEach((stored) => {
        this.#add(stored as Stored<Device>);
      });
    }
    const userIds = idsOf('user');
    for (const id of userIds) {
      this.#users.delete(id);
    }
    await this.#loadUsers();
  }

  async #reload(): Promise<void> {
    const devices = await this.#options.store.findAll('device');
    for (const mac of [...this.#devices.keys()]) {
      this.#remove(mac);
    }
    this.#users.clear();
    devices.forEach((stored) => {
      this.#add(stored as Stored<Device>);
    });
    await this.#loadUsers();
  }

  #remove(mac: string): void {
    this.#devices.delete(mac);
    this.#unreadable.delete(mac);
    this.#tokens.remove(mac);
  }

  #add(stored: Stored<Device>): void {
    const { mac } = stored.document;
    this.#devices.set(mac, stored);
    const { loginNumber = 0 } = stored.document;
    this.#highestLoginNumber = Math.max(this.#highestLoginNumber, loginNumber);
    const credentials = this.credentialsOf(stored);
    if (credentials === undefined) {
      if (stored.document.credentials !== undefined) {
        this.#unreadable.add(mac);
      }
      return;
    }
    this.#tokens.add(mac, credentials);
  }

  /** Those that devices have lines of and that are not known yet. */
  async #loadUsers(): Promise<void> {
    const missing = new Set<string>();
    for (const { document } of this.#devices.values()) {
      for (const id of document.lines) {
        if (!this.#users.has(id)) {
          missing.add(id);
        }
      }
    }
    if (missing.size === 0) {
      return;
    }
    for (const { id, document } of await this.#options.store.findUsers([...missing])) {
      this.#users.set(id, toDeviceUser(id, document));
    }
  }
}

function toDeviceUser(id: string, { name, extension }: User): DeviceUser {
  return { id, name, extension };
}
