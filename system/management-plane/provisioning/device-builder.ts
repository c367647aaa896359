/**
 * The configuration's device → the device as templates see it: lines with the accounts of its users,
 * own passwords, groups, settings in clear. Made for one rendering and then forgotten.
 */
import type {
  Device as ProvisionedDevice,
  DeviceGroup as ProvisionedGroup,
  DeviceLine,
} from '../../../provisioning/device.ts';
import { parseSettings } from '../../../provisioning/scope/parse-settings.ts';
import type { Scope } from '../../../provisioning/scope/resolve-scopes.ts';
import type { SettingValues } from '../../../provisioning/scope/setting-value.ts';
import type { CompiledVendor } from '../../../provisioning/vendors/compile-vendor.ts';
import type { Model } from '../../../provisioning/vendors/vendor.ts';
import type { DeviceGroup } from '../../configuration/entities/device-group.ts';
import type { Device } from '../../configuration/entities/device.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import { SecretSealError } from '../configuration-store/secret-seal.ts';
import type { DeviceDirectory } from './device-directory.ts';
import type { SeenDevices } from './seen-devices.ts';
import type { ServerAddress } from './server-address.ts';
import { openSecretSettings, type SettingParts } from './setting-changes.ts';
import { siteOwner, type SiteSettingsService } from './site-settings-service.ts';

export interface DeviceBuilderOptions {
  readonly store: Pick<
    ConfigurationStore,
    'findUsers' | 'findMany' | 'revealSipCredentials' | 'unseal'
  >;
  readonly directory: Pick<DeviceDirectory, 'credentialsOf'>;
  readonly seen: SeenDevices;
  readonly site: Pick<SiteSettingsService, 'current'>;
  readonly address: ServerAddress;
}

export class DeviceBuilder {
  readonly #options: DeviceBuilderOptions;

  constructor(options: DeviceBuilderOptions) {
    this.#options = options;
  }

  /** `reached`: the address of ours that the device uses. Rejects with SecretSealError. */
  async build(
    { document }: Stored<Device>,
    vendor: CompiledVendor,
    model: Model,
    reached: string | undefined,
  ): Promise<ProvisionedDevice> {
    const { mac } = document;
    const { firmware } = this.#options.seen.find(mac);
    return {
      mac,
      vendor: vendor.data.id,
      model: model.id,
      ...(firmware === undefined ? {} : { firmware }),
      lines: await this.#buildLines(document.lines, reached),
      keys: document.keys.map(withoutMissing),
      handsets: document.handsets.map(withoutMissing),
      groups: await this.#buildGroups(document.groups),
      settings: this.#buildDeviceSettings(document),
      customLines: document.customLines.map(withoutMissing),
    };
  }

  /** What the administrator set for all devices. */
  siteScopes(): Scope[] {
    const { current } = this.#options.site;
    return [{ level: 'default', name: 'site', values: this.#openSettings(current, siteOwner) }];
  }

  #buildDeviceSettings(document: Device): SettingValues {
    const credentials = this.#options.directory.credentialsOf({
      id: document.mac,
      document,
      version: 0,
    });
    const own = this.#openSettings(document, `device/${document.mac}`);
    return credentials === undefined
      ? own
      : { 'security.adminPassword': credentials.adminPassword, ...own };
  }

  async #buildLines(
    userIds: readonly string[],
    reached: string | undefined,
  ): Promise<DeviceLine[]> {
    const { store, address } = this.#options;
    const lines: DeviceLine[] = [];
    for (const { id, document } of await store.findUsers(userIds)) {
      const credentials = await this.#revealSipCredentials(id);
      if (credentials === undefined || !document.enabled) {
        // An account that cannot register would only be banned for trying.
        continue;
      }
      const { port } = { port: address.ports.sip };
      lines.push({
        account: document.extension ?? credentials.username,
        displayName: document.name,
        label: document.extension ?? credentials.username,
        userName: credentials.username,
        password: credentials.password,
        server: { host: address.hostFor(reached), ...(port === 5060 ? {} : { port }) },
      });
    }
    return lines;
  }

  async #revealSipCredentials(userId: string) {
    try {
      return await this.#options.store.revealSipCredentials(userId);
    } catch (error) {
      if (error instanceof SecretSealError) {
        // Sealed with another key: the line is left out until a new password is set.
        return undefined;
      }
      throw error;
    }
  }

  async #buildGroups(ids: readonly string[]): Promise<ProvisionedGroup[]> {
    const found = (await this.#options.store.findMany(
      'device-group',
      ids,
    )) as readonly Stored<DeviceGroup>[];
    const byId = new Map(found.map((group) => [group.id, group.document]));
    return ids.flatMap((id) => {
      const group = byId.get(id);
      return group === undefined
        ? []
        : [
            {
              name: group.name,
              settings: this.#openSettings(group, `device-group/${id}`),
              customLines: group.customLines.map(withoutMissing),
            },
          ];
    });
  }

  #openSettings({ settings, secretSettings }: SettingParts, owner: string): SettingValues {
    const secrets = openSecretSettings(secretSettings, owner, this.#options.store);
    return parseSettings({ ...settings, ...secrets }).values;
  }
}

type WithoutUndefined<T> = { [Name in keyof T]: Exclude<T[Name], undefined> };

/** Documents spell what is missing as undefined or not at all; here it is not there. */
function withoutMissing<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined),
  ) as WithoutUndefined<T>;
}
