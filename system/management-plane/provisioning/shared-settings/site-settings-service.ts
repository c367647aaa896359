/** How the PBX provisions devices: the one record, read without the database. */
import {
  provisioningSettingsEntity,
  provisioningSettingsId,
  type ProvisioningSettings,
} from '../../../configuration/entities/provisioning-settings.ts';
import { Secret } from '../../../foundation/secret.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { RecordChangeOptions } from '../../change-options.ts';
import { changeSettings, type SettingChanges } from '../../provisioning-values/setting-changes.ts';

export type SiteSettingsInput = {
  readonly [
    Name in Exclude<keyof ProvisioningSettings, 'settings' | 'secretSettings' | 'ftpPassword'>
  ]?: ProvisioningSettings[Name] | null | undefined;
} & {
  readonly settings?: SettingChanges | undefined;
  /** In clear; null: that of the factory again. */
  readonly ftpPassword?: string | null | undefined;
};

export const siteOwner = 'provisioning/provisioning';
const ftpPasswordPlace = `${siteOwner}/ftpPassword`;

const unwritten: Stored<ProvisioningSettings> = {
  id: provisioningSettingsId,
  document: provisioningSettingsEntity.fromStored({}),
  version: 0,
};

export class SiteSettingsService {
  readonly #store: ConfigurationStore;
  #current = unwritten;
  #loading: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;

  constructor(store: ConfigurationStore) {
    this.#store = store;
  }

  /** `onChange` is called after a revision that may have changed them. */
  async start(onChange: (settings: ProvisioningSettings) => void): Promise<void> {
    await this.#load();
    this.#stop = this.#store.onRevision((revision) => {
      const isAll = revision.operationCount > revision.operations.length;
      if (isAll || revision.operations.some(({ entity }) => entity === 'provisioning')) {
        this.#loading = this.#loading
          .then(() => this.#load())
          .then(() => {
            onChange(this.#current.document);
          });
      }
    });
  }

  close(): void {
    this.#stop?.();
  }

  /** As of the last revision that was followed. */
  get current(): ProvisioningSettings {
    return this.#current.document;
  }

  get stored(): Stored<ProvisioningSettings> {
    return this.#current;
  }

  /** Rejects with ConfigurationError as the store's `commit` does. */
  async change(
    actor: Actor,
    input: SiteSettingsInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<ProvisioningSettings>> {
    const { settings, ftpPassword, ...fields } = input;
    const parts =
      settings === undefined
        ? {}
        : changeSettings(this.#current.document, settings, siteOwner, this.#store);
    const { reason = '', confirmWithinSec, ifVersion } = options;
    const sealed =
      typeof ftpPassword === 'string'
        ? this.#store.seal(new Secret(ftpPassword), ftpPasswordPlace)
        : ftpPassword;
    const after = {
      ...fields,
      ...parts,
      ...(sealed === undefined ? {} : { ftpPassword: sealed }),
    };
    await this.#store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations: [
        { kind: 'update', entity: 'provisioning', id: provisioningSettingsId, after, ifVersion },
      ],
    });
    await this.#loading;
    return this.#current;
  }

  /** Undefined while none is set. Throws SecretSealError. */
  ftpPassword(): Secret | undefined {
    const sealed = this.current.ftpPassword;
    return sealed === undefined ? undefined : this.#store.unseal(sealed, ftpPasswordPlace);
  }

  async #load(): Promise<void> {
    const stored = await this.#store.find('provisioning', provisioningSettingsId);
    this.#current = (stored as Stored<ProvisioningSettings> | undefined) ?? unwritten;
  }
}
