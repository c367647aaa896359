/**
 * The configuration's device → the device as templates see it: lines with the accounts of its users,
 * own passwords, groups, settings in clear. Made for one rendering and then forgotten.
 */
import type {
  Device as ProvisionedDevice,
  DeviceGroup as ProvisionedGroup,
  DeviceLine,
  SipServer,
} from '../../../../provisioning/device.ts';
import { layOutKeys, type UserKey } from '../../../../provisioning/rendering/lay-out-keys.ts';
import { parseSettings } from '../../../../provisioning/scope/parse-settings.ts';
import type { Scope } from '../../../../provisioning/scope/resolve-scopes.ts';
import type { SettingValues } from '../../../../provisioning/scope/setting-value.ts';
import type { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';
import type { DeviceGroup } from '../../../configuration/entities/device-group.ts';
import { loginNameOf, type Device } from '../../../configuration/entities/device.ts';
import { sipUsernameOf, titleOfUser, type User } from '../../../configuration/entities/user.ts';
import { withoutLinesOf } from '../../../configuration/entities/without-lines.ts';
import { Secret } from '../../../foundation/secret.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import { openExternalPassword } from '../../device-accounts/external-lines.ts';
import { sipAccountOfLine, sipAccountOfLogin } from '../../device-accounts/device-sip-account.ts';
import type { DectSource } from './dect-source.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { ServerAddress } from '../access/server-address.ts';
import {
  openSecretSettings,
  type SettingParts,
} from '../../provisioning-values/setting-changes.ts';
import type { CustomFilesService } from '../shared-settings/custom-files-service.ts';
import type { DeviceModelsService } from '../shared-settings/device-models-service.ts';
import { siteOwner, type SiteSettingsService } from '../shared-settings/site-settings-service.ts';

export interface DeviceBuilderOptions {
  readonly store: Pick<ConfigurationStore, 'findUsers' | 'findMany' | 'unseal'>;
  readonly directory: Pick<DeviceDirectory, 'credentialsOf'>;
  readonly seen: SeenDevices;
  readonly site: Pick<SiteSettingsService, 'current'>;
  readonly address: ServerAddress;
  readonly models: Pick<DeviceModelsService, 'scopesOf'>;
  readonly customFiles: Pick<CustomFilesService, 'filesOf'>;
  readonly dect: DectSource;
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
    const groups = await this.#buildGroups(document.groups);
    const assigned = await this.#options.store.findUsers(document.lines);
    // An account that cannot register would only be banned for trying.
    const users = assigned.filter((user) => mayRegister(user.document));
    const idle = document.lines.filter((id) => users.every((user) => user.id !== id));
    const usable = withoutLinesOf(document, new Set(idle));
    const own = usable.keys.map(withoutMissing);
    const [first] = users;
    const unassigned = assigned.length === 0;
    const givesUp = unassigned && givesUpLogin(document, model);
    const server = this.#server(reached);
    const dect = model.dect && (await this.#options.dect.build(mac, model, server));
    return {
      mac,
      vendor: vendor.data.id,
      model: model.id,
      ...(firmware === undefined ? {} : { firmware }),
      lines: dect?.lines ?? [
        ...this.#buildLines(document, givesUp ? [] : unassigned ? undefined : users, server),
        ...this.#buildExternalLines(document, givesUp ? 0 : Math.max(1, users.length)),
      ],
      keys: layOutKeys(model, own, listsOfLines(document, users, model)).keys,
      handsets: dect?.handsets ?? usable.handsets.map(withoutMissing),
      ...(dect === undefined ? {} : { dect: dect.dect }),
      ...(dect?.openedAtSec === undefined ? {} : { openedAtSec: dect.openedAtSec }),
      ...(first === undefined ? {} : { owner: toOwner(first.document) }),
      groups: groups.map(({ provisioned }) => provisioned),
      settings: { ...dect?.settings, ...this.#buildDeviceSettings(document) },
      customLines: document.customLines.map(withoutMissing),
      customFiles: this.#options.customFiles
        .filesOf([...groups.flatMap(({ customFiles }) => customFiles), ...document.customFiles])
        .map(({ name }) => name),
    };
  }

  /** What of the device's lines and of the keys of its users finds no place on the model. */
  async findLeftOut(
    { document }: Stored<Device>,
    model: Model,
  ): Promise<{ readonly lines: number; readonly keys: number }> {
    const assigned = await this.#options.store.findUsers(document.lines);
    const users = assigned.filter((user) => mayRegister(user.document));
    const own = document.keys.map(withoutMissing);
    const layout = layOutKeys(model, own, listsOfLines(document, users, model));
    return { lines: layout.linesLeftOut, keys: layout.keysLeftOut };
  }

  /** What the administrator set for all devices, and for those of the vendor and model. */
  scopesOf(vendor: CompiledVendor, model: Model): Scope[] {
    const { site, models } = this.#options;
    const values = this.#openSettings(site.current, siteOwner);
    return [
      { level: 'default', name: 'site', values },
      ...models.scopesOf(vendor.data.id, model.id),
    ];
  }

  /** The files of the administrator that the device may fetch, those of its groups first. */
  async customFilesOf({ document }: Stored<Device>) {
    const groups = await this.#buildGroups(document.groups);
    return this.#options.customFiles.filesOf([
      ...groups.flatMap(({ customFiles }) => customFiles),
      ...document.customFiles,
    ]);
  }

  #server(reached: string | undefined): SipServer {
    const { address } = this.#options;
    const { sip: port, sipTls: tlsPort } = address.ports;
    return { host: address.hostFor(reached), ...(port === 5060 ? {} : { port }), tlsPort };
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

  /** With the device's own accounts. `users` undefined: it is unassigned and lets one log in. */
  #buildLines(
    document: Device,
    users: readonly Stored<User>[] | undefined,
    server: SipServer,
  ): DeviceLine[] {
    const { mac } = document;
    const credentials = this.#options.directory.credentialsOf({ id: mac, document, version: 0 });
    if (credentials === undefined) {
      return [];
    }
    const { sipKey } = credentials;
    if (users === undefined) {
      const name = loginNameOf(document);
      const { username, password } = sipAccountOfLogin(mac, sipKey);
      const line = { account: name, displayName: name, label: name, userName: name };
      return [{ ...line, authName: username, password, server }];
    }
    return users.map(({ id, document: user }): DeviceLine => {
      const userName = sipUsernameOf(user) ?? '';
      const { username, password } = sipAccountOfLine(mac, id, sipKey);
      const label = user.extension ?? userName;
      const line = { account: label, displayName: user.name, label, userName };
      return { ...line, authName: username, password, server };
    });
  }

  /** Behind `before` other lines. */
  #buildExternalLines(document: Device, before: number): DeviceLine[] {
    const { mac, externalLines } = document;
    return externalLines.map((external, index): DeviceLine => {
      const { id, userName, authName, displayName, voicemailNumber, transport } = external;
      const password = openExternalPassword(document, id, mac, this.#options.store);
      return {
        isExternal: true,
        place: before + index + 1,
        account: `${userName}@${external.host}`,
        displayName: displayName ?? userName,
        userName,
        ...(authName === undefined ? {} : { authName }),
        password: password ?? new Secret(''),
        server: toServer(external.host, external.port),
        transport,
        ...(external.proxyHost === undefined
          ? {}
          : { outboundProxy: toServer(external.proxyHost, external.proxyPort) }),
        ...(voicemailNumber === undefined ? {} : { voicemailNumber }),
      };
    });
  }

  async #buildGroups(
    ids: readonly string[],
  ): Promise<{ provisioned: ProvisionedGroup; customFiles: readonly string[] }[]> {
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
              provisioned: {
                name: group.name,
                settings: this.#openSettings(group, `device-group/${id}`),
                customLines: group.customLines.map(withoutMissing),
              },
              customFiles: group.customFiles,
            },
          ];
    });
  }

  #openSettings({ settings, secretSettings }: SettingParts, owner: string): SettingValues {
    const secrets = openSecretSettings(secretSettings, owner, this.#options.store);
    return parseSettings({ ...settings, ...secrets }).values;
  }
}

function mayRegister(user: User): boolean {
  return user.enabled && sipUsernameOf(user) !== undefined;
}

/**
 * While it has no user a device offers a line by which one logs in; external lines that fill it leave
 * no place for that.
 */
function givesUpLogin({ externalLines }: Device, model: Model): boolean {
  return externalLines.length > 0 && externalLines.length >= model.lines;
}

function toServer(host: string, port: number | undefined): SipServer {
  return port === undefined ? { host } : { host, port };
}

/** Keys of users, line by line; external lines, and the one that waits for a user, have none. */
function listsOfLines(
  document: Device,
  users: readonly Stored<User>[],
  model: Model,
): (readonly UserKey[])[] {
  const lists = listsOfKeys(users, model);
  const external = document.externalLines.map(() => []);
  const isWaiting = external.length > 0 && users.length === 0 && !givesUpLogin(document, model);
  return [...(isWaiting ? [[]] : lists), ...external];
}

/** A DECT base has no keys: those of its handsets are not laid out from here. */
function listsOfKeys(users: readonly Stored<User>[], model: Model): (readonly UserKey[])[] {
  return users.map(({ document }) => (model.handsets === undefined ? document.phoneKeys : []));
}

function toOwner(user: User): { readonly name: string; readonly settings: SettingValues } {
  return { name: titleOfUser(user), settings: parseSettings(user.phonePreferences).values };
}

type WithoutUndefined<T> = { [Name in keyof T]: Exclude<T[Name], undefined> };

/** Documents spell what is missing as undefined or not at all; here it is not there. */
function withoutMissing<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined),
  ) as WithoutUndefined<T>;
}
