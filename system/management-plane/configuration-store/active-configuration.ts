/** The compiled configuration: made from stored documents and handed to the call plane. */
import type { DectHandset } from '../../configuration/entities/dect-handset.ts';
import type { Device } from '../../configuration/entities/device.ts';
import type { Settings } from '../../configuration/entities/settings.ts';
import { sipUsernameOf, type User } from '../../configuration/entities/user.ts';
import { SnapshotCompiler } from '../../configuration/snapshot/compile-snapshot.ts';
import type {
  SnapshotDevice,
  SnapshotUser,
} from '../../configuration/snapshot/snapshot-subject.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Logger } from '../../foundation/logger.ts';
import { openHandsetKey, toAccountOwner } from '../device-accounts/handset-key.ts';
import { openDeviceCredentials } from '../device-accounts/device-credentials.ts';
import { toSnapshotDevice } from '../device-accounts/device-sip-account.ts';
import type { Stored } from './configuration-store.ts';
import type { Draft } from './draft.ts';
import { SecretSealError, type SecretSeal } from './secret-seal.ts';
import { openSipCredentials } from './sip-credentials.ts';

/** Hands a compiled snapshot to whoever reads it; a rejection is a health problem. */
export type Activate = (
  buffer: SharedArrayBuffer,
  revision: number,
) => Promise<unknown> | undefined;

/** Compiled, not yet in force. */
export interface PreparedConfiguration {
  readonly revision: number;
  readonly compiler: SnapshotCompiler;
  readonly buffer: SharedArrayBuffer;
}

export class ActiveConfiguration {
  readonly #seal: SecretSeal;
  readonly #activate: Activate;
  readonly #logger: Logger;
  /** Users whose SIP password cannot be read. */
  readonly #unreadable = new Set<string>();
  #compiler: SnapshotCompiler | undefined;
  #activationProblem: string | undefined;

  constructor(seal: SecretSeal, activate: Activate, logger: Logger) {
    this.#seal = seal;
    this.#activate = activate;
    this.#logger = logger;
  }

  get problems(): readonly string[] {
    const unreadable =
      this.#unreadable.size === 0
        ? []
        : [
            `The SIP passwords of ${this.#unreadable.size.toString()} users cannot be read with this key file: they cannot register until a new password is set.`,
          ];
    return this.#activationProblem === undefined
      ? unreadable
      : [...unreadable, this.#activationProblem];
  }

  async start(
    settings: Settings,
    users: readonly Stored<User>[],
    devices: readonly Stored<Device>[],
    handsets: readonly Stored<DectHandset>[],
    revision: number,
  ): Promise<void> {
    const compiler = new SnapshotCompiler(settings);
    for (const { id, document } of users) {
      compiler.setUser(this.#toSnapshotUser(id, document));
    }
    for (const { document } of devices) {
      this.#setDevice(compiler, document, settings.sipDomain);
    }
    for (const { id, document } of handsets) {
      this.#setHandset(compiler, id, document, settings.sipDomain);
    }
    await this.activate({ revision, compiler, buffer: compiler.compile(revision) });
  }

  /**
   * Compiles the present configuration with the drafts; nothing changes yet. `devices`, `handsets`:
   * those that no draft changes and whose hashes have to be made anew, because the domain is another.
   */
  prepare(
    drafts: readonly Draft[],
    settings: Settings,
    devices: readonly Stored<Device>[],
    handsets: readonly Stored<DectHandset>[],
    revision: number,
  ): PreparedConfiguration {
    const isChanged = drafts.some((draft) => draft.entity === 'settings');
    const compiler = this.#fork(settings, isChanged);
    for (const { document } of devices) {
      this.#setDevice(compiler, document, settings.sipDomain);
    }
    for (const { id, document } of handsets) {
      this.#setHandset(compiler, id, document, settings.sipDomain);
    }
    for (const { entity, id, after } of drafts) {
      if (entity === 'dect-handset') {
        if (after === undefined) {
          compiler.removeDevice(id);
        } else {
          this.#setHandset(compiler, id, after as DectHandset, settings.sipDomain);
        }
        continue;
      }
      if (entity === 'device') {
        if (after === undefined) {
          compiler.removeDevice(id);
        } else {
          this.#setDevice(compiler, after as Device, settings.sipDomain);
        }
        continue;
      }
      if (entity !== 'user') {
        continue;
      }
      if (after === undefined) {
        compiler.removeUser(id);
        this.#unreadable.delete(id);
      } else {
        compiler.setUser(this.#toSnapshotUser(id, after as User));
      }
    }
    return { revision, compiler, buffer: compiler.compile(revision) };
  }

  async activate(prepared: PreparedConfiguration): Promise<void> {
    const { revision, compiler, buffer } = prepared;
    this.#compiler = compiler;
    try {
      await this.#activate(buffer, revision);
      this.#activationProblem = undefined;
    } catch (error) {
      const reason = toErrorMessage(error);
      this.#activationProblem = `Revision ${revision.toString()} is stored but not in force: ${reason}`;
      this.#logger.error('the configuration could not be activated', { revision, error: reason });
    }
  }

  #fork(settings: Settings, isChanged: boolean): SnapshotCompiler {
    if (this.#compiler === undefined) {
      return new SnapshotCompiler(settings);
    }
    const compiler = this.#compiler.fork();
    if (isChanged) {
      compiler.setSettings(settings);
    }
    return compiler;
  }

  /** A device whose secrets cannot be read has no accounts: it is told elsewhere. */
  #setDevice(compiler: SnapshotCompiler, device: Device, realm: string): void {
    const compiled = this.#toSnapshotDevice(device, realm);
    if (compiled === undefined) {
      compiler.removeDevice(device.mac);
    } else {
      compiler.setDevice(compiled);
    }
  }

  #toSnapshotDevice(device: Device, realm: string): SnapshotDevice | undefined {
    const { mac, credentials } = device;
    if (credentials === undefined) {
      return undefined;
    }
    try {
      const { sipKey } = openDeviceCredentials(credentials, mac, {
        unseal: (sealed, place) => this.#seal.open(sealed, place),
      });
      return toSnapshotDevice(device, sipKey, realm);
    } catch (error) {
      if (!(error instanceof SecretSealError)) {
        throw error;
      }
      return undefined;
    }
  }

  /** A handset has accounts as a device has, under its own id. */
  #setHandset(compiler: SnapshotCompiler, id: string, handset: DectHandset, realm: string): void {
    try {
      const sipKey = openHandsetKey(id, handset, {
        unseal: (sealed, place) => this.#seal.open(sealed, place),
      });
      if (sipKey !== undefined) {
        compiler.setDevice(toSnapshotDevice(toAccountOwner(id, handset), sipKey, realm));
        return;
      }
    } catch (error) {
      if (!(error instanceof SecretSealError)) {
        throw error;
      }
    }
    compiler.removeDevice(id);
  }

  #toSnapshotUser(id: string, user: User): SnapshotUser {
    return {
      id,
      name: user.name,
      extension: user.extension,
      sipUsername: sipUsernameOf(user),
      aliases: user.aliases,
      enabled: user.enabled,
      ha1: this.#findHa1(id, user),
    };
  }

  #findHa1(id: string, user: User): SnapshotUser['ha1'] {
    this.#unreadable.delete(id);
    if (user.sipCredentials === undefined) {
      return undefined;
    }
    try {
      const credentials = openSipCredentials(user.sipCredentials, id, this.#seal);
      return credentials.username === sipUsernameOf(user)
        ? { md5: credentials.ha1Md5, sha256: credentials.ha1Sha256 }
        : undefined;
    } catch (error) {
      if (!(error instanceof SecretSealError)) {
        throw error;
      }
      this.#unreadable.add(id);
      return undefined;
    }
  }
}
