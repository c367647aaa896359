/**
 * Everything that can be done with devices in the configuration: add, change, assign, delete, new
 * passwords. Validation and history are the configuration store's; nothing here knows HTTP.
 */
import type { ChangeOptions, RecordChangeOptions } from '../../change-options.ts';
import { deviceEntity, type Device } from '../../../configuration/entities/device.ts';
import type { Clock } from '../../../foundation/clock.ts';
import { randomId } from '../../../foundation/ids.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { DeviceChanges, Operation } from '../../configuration-store/operation.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import { refuseBaseLines } from './refuse-base-lines.ts';
import {
  createDeviceCredentials,
  sealDeviceCredentials,
} from '../../device-accounts/device-credentials.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { ListedDevice } from '../directory/listed-device.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import { DeviceChecks, type VendorCatalog } from './device-checks.ts';
import { DevicesError, type DevicesIssue } from './devices-error.ts';
import { planAllowing, refuseRejected } from './rejected-devices-service.ts';
import { parseNewMacs, receivedAddressesOf, requireDevices } from './named-devices.ts';
import type { ServedFiles } from '../device-state/served-files.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { TemporaryTokens } from '../access/temporary-tokens.ts';
import {
  changeExternalLines,
  findExternalLineIssues,
  openExternalPassword,
  type ExternalLineInput,
} from '../../device-accounts/external-lines.ts';
import { changeSettings, type SettingChanges } from '../../provisioning-values/setting-changes.ts';

export interface DevicesServiceOptions {
  readonly store: ConfigurationStore;
  readonly directory: DeviceDirectory;
  readonly rejected: Pick<RejectedDirectory, 'has' | 'settled'>;
  readonly seen: SeenDevices;
  readonly served: ServedFiles;
  readonly temporaryTokens: Pick<TemporaryTokens, 'revoke'>;
  readonly history: DeviceHistory;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly vendors: VendorCatalog;
  /** The lines of such bases are their handsets. */
  readonly dect: Pick<DectDirectory, 'systemOfBase'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

type OwnFields =
  | 'vendor'
  | 'model'
  | 'comment'
  | 'lines'
  | 'groups'
  | 'keys'
  | 'handsets'
  | 'customLines'
  | 'customFiles'
  | 'tftpException';

/** Fields that are set as they are; `settings` names those that change, null takes one away. */
export type DeviceInput = {
  readonly [Name in OwnFields]?: Device[Name] | null | undefined;
} & {
  readonly settings?: SettingChanges | undefined;
  /** Takes the place of the list before; null takes all away. */
  readonly externalLines?: readonly ExternalLineInput[] | null | undefined;
};

/** What else must hold for the device as it will be. */
export type DeviceCheck = (device: Stored<Device>) => Promise<readonly DevicesIssue[]>;

/** What can be done to many at once; `usesReceivedAddress` fixes the address each one has now. */
export type DevicesInput = Omit<DeviceInput, 'externalLines'> & {
  readonly usesReceivedAddress?: boolean | undefined;
};

export interface RevealedDevice {
  /** Password of the device's own web page; only once it has it. */
  readonly adminPassword: string | undefined;
  readonly token: string;
  /** Of external lines; without those that have no password. */
  readonly linePasswords: readonly { readonly id: string; readonly password: string }[];
}

/** Methods reject with DevicesError, and with ConfigurationError as the store's `commit` does. */
export class DevicesService {
  readonly #options: DevicesServiceOptions;
  readonly #checks: DeviceChecks;

  constructor(options: DevicesServiceOptions) {
    this.#options = options;
    this.#checks = new DeviceChecks(options);
  }

  find(mac: string): ListedDevice | undefined {
    const { directory } = this.#options;
    const stored = directory.find(mac);
    return stored === undefined ? undefined : directory.show(stored);
  }

  require(mac: string): ListedDevice {
    const device = this.find(mac);
    if (device === undefined) {
      throw new DevicesError('not-found', 'There is no such device.');
    }
    return device;
  }

  /**
   * Adds devices with the same fields; MACs in any spelling. Those that were rejected are a conflict
   * unless they are to be allowed again by this. Returns the revision.
   */
  async create(
    actor: Actor,
    macs: readonly string[],
    input: DeviceInput,
    options: ChangeOptions & { readonly allowRejected?: boolean | undefined } = {},
  ): Promise<{ readonly macs: readonly string[]; readonly revision: number }> {
    const parsed = parseNewMacs(this.#options.directory, macs);
    await this.#checks.require(input);
    const { rejected } = this.#options;
    if (options.allowRejected !== true) {
      refuseRejected(rejected, parsed);
    }
    const operations = [
      ...planAllowing(parsed.filter((mac) => rejected.has(mac))),
      ...this.planCreation(parsed.map((mac) => ({ mac, input }))),
    ];
    const revision = await this.announce(parsed, () => this.#commit(actor, operations, options));
    return { macs: parsed, revision };
  }

  /** Of a row of a file: whether there are such a vendor and model. */
  findModelIssues(vendor: string | undefined, model: string | undefined): DevicesIssue[] {
    return this.#checks.findModelIssues(vendor, model);
  }

  /** The operations that add devices, each with fields of its own. MACs are in the inner spelling. */
  planCreation(
    devices: readonly { readonly mac: string; readonly input: DeviceInput }[],
  ): Operation[] {
    const { store, directory, vendors } = this.#options;
    let loginNumber = directory.nextLoginNumber();
    return devices.map(({ mac, input }): Operation => {
      const credentials = sealDeviceCredentials(createDeviceCredentials(), mac, store);
      const after = this.#toChanges(mac, undefined, input);
      const vendor = after.vendor ?? vendors.vendorOfMac(mac, after.model ?? undefined);
      const numbered = { ...after, vendor, mac, credentials, loginNumber };
      loginNumber += 1;
      return { kind: 'create', entity: 'device', id: mac, after: numbered };
    });
  }

  /**
   * Makes devices by `commit`; they may make their first contact without an open window from then on.
   * That is on disk before the revision is: no crash leaves one in the list that gets nothing. What
   * one got under this MAC before it was deleted is nothing it has now.
   */
  async announce<T>(macs: readonly string[], commit: () => Promise<T>): Promise<T> {
    const { directory, seen, served, temporaryTokens, clock } = this.#options;
    const announcedAtMs = clock.wallMs();
    const before = macs
      .filter((mac) => directory.find(mac) === undefined)
      .map((mac) => seen.find(mac));
    for (const { mac } of before) {
      seen.change(mac, { announcedAtMs, provisionedAtMs: undefined });
    }
    await seen.flush();
    let result: T;
    try {
      result = await commit();
    } catch (error) {
      for (const known of before) {
        seen.change(known.mac, known);
      }
      throw error;
    }
    for (const mac of macs) {
      served.forget(mac);
      temporaryTokens.revoke(mac);
    }
    return result;
  }

  async update(
    actor: Actor,
    mac: string,
    input: DeviceInput,
    options: ChangeOptions & {
      readonly ifVersion?: number | undefined;
      readonly check?: DeviceCheck;
    } = {},
  ): Promise<ListedDevice> {
    const { stored } = this.require(mac);
    await this.#checks.require(input, stored.document);
    const { lines, externalLines } = input;
    refuseBaseLines(this.#options.dect, [
      { mac, lines },
      { mac, lines: externalLines },
    ]);
    refuseIssues(findExternalLineIssues(stored.document, externalLines ?? []));
    const after = this.#toChanges(mac, stored.document, input);
    const { ifVersion, check } = options;
    if (check !== undefined && (externalLines ?? []).length > 0) {
      const document = deviceEntity.fromStored({ ...stored.document, ...after });
      refuseIssues(await check({ ...stored, document }));
    }
    await this.#commit(
      actor,
      [{ kind: 'update', entity: 'device', id: mac, after, ifVersion }],
      options,
    );
    return this.require(mac);
  }

  /** The same change to many devices, to all of them or to none. Returns the revision. */
  async updateMany(
    actor: Actor,
    macs: readonly string[],
    { usesReceivedAddress, ...input }: DevicesInput,
    options: ChangeOptions = {},
  ): Promise<number> {
    const devices = requireDevices(this.#options.directory, macs);
    await this.#checks.require(input);
    refuseBaseLines(
      this.#options.dect,
      macs.map((mac) => ({ mac, lines: input.lines })),
    );
    const addresses =
      usesReceivedAddress === true ? receivedAddressesOf(this.#options.seen, macs) : undefined;
    const operations = devices.map(({ id, document }): Operation => {
      const address = addresses?.get(id);
      const after = this.#toChanges(
        id,
        document,
        address === undefined
          ? input
          : { ...input, settings: { ...input.settings, 'network.staticAddress': address } },
      );
      return { kind: 'update', entity: 'device', id, after };
    });
    return this.#commit(actor, operations, options);
  }

  /** Gives each device its users, line by line; none makes it unassigned. Returns the revision. */
  async assign(
    actor: Actor,
    assignments: readonly {
      readonly mac: string;
      readonly lines: readonly string[];
      readonly ifVersion?: number | undefined;
    }[],
    options: ChangeOptions = {},
  ): Promise<number> {
    requireDevices(
      this.#options.directory,
      assignments.map(({ mac }) => mac),
    );
    await this.#checks.require({ lines: [...new Set(assignments.flatMap(({ lines }) => lines))] });
    refuseBaseLines(this.#options.dect, assignments);
    const operations = assignments.map(({ mac, lines, ifVersion }): Operation => {
      return { kind: 'update', entity: 'device', id: mac, after: { lines }, ifVersion };
    });
    return this.#commit(actor, operations, options);
  }

  /**
   * Returns the revision. What devices did is kept: a deletion that is taken back is then as if it
   * had not been.
   */
  async delete(
    actor: Actor,
    macs: readonly string[],
    options: RecordChangeOptions = {},
  ): Promise<number> {
    const devices = requireDevices(this.#options.directory, macs);
    const { ifVersion } = options;
    return this.#commit(
      actor,
      devices.map(({ id }) => ({ kind: 'delete', entity: 'device', id, ifVersion })),
      options,
    );
  }

  /**
   * New random secrets: what outsiders may know of the old ones is worth nothing at once. The device
   * itself gets the new ones with the next sync, without being reset. Returns the revision.
   */
  async resetPasswords(
    actor: Actor,
    macs: readonly string[],
    options: ChangeOptions & { readonly address?: string | undefined } = {},
  ): Promise<number> {
    const { store, directory, seen, temporaryTokens, history, audit } = this.#options;
    const devices = requireDevices(this.#options.directory, macs);
    const operations = devices.map((stored): Operation => {
      const credentials = createDeviceCredentials(directory.credentialsOf(stored));
      const after = { credentials: sealDeviceCredentials(credentials, stored.id, store) };
      return { kind: 'update', entity: 'device', id: stored.id, after };
    });
    const revision = await this.#commit(actor, operations, options);
    const address = options.address ?? '';
    for (const { id } of devices) {
      seen.change(id, { provisionedAtMs: undefined, announcedAtMs: undefined });
      temporaryTokens.revoke(id);
      const notes = [{ code: 'done-by', facts: { name: actor.name } }] as const;
      history.add({ mac: id, kind: 'password-reset', address, notes });
    }
    const detail = devices.map(({ id }) => id).join(', ');
    await audit.record({ action: 'device-passwords-reset', actor, address, detail });
    return revision;
  }

  /** The secrets of one device, for people who set it up by hand. Noted in audit and history. */
  async reveal(actor: Actor, mac: string, address: string): Promise<RevealedDevice> {
    const { directory, history, audit } = this.#options;
    const { stored, seen } = this.require(mac);
    const credentials = directory.credentialsOf(stored);
    if (credentials === undefined) {
      throw new DevicesError(
        'conflict',
        'The passwords of the device cannot be read with this key file. Reset them.',
      );
    }
    const { externalLines } = stored.document;
    const linePasswords = externalLines.flatMap(({ id }) => {
      const password = openExternalPassword(stored.document, id, mac, this.#options.store);
      return password === undefined ? [] : [{ id, password: password.reveal() }];
    });
    await audit.record({ action: 'device-password-shown', actor, address, detail: mac });
    const notes = [{ code: 'shown-to', facts: { name: actor.name } }] as const;
    history.add({ mac, kind: 'password-shown', address, notes });
    return {
      adminPassword:
        seen.provisionedAtMs === undefined ? undefined : credentials.adminPassword.reveal(),
      token: credentials.token.reveal(),
      linePasswords,
    };
  }

  #toChanges(mac: string, before: Device | undefined, input: DeviceInput): DeviceChanges {
    const { settings, externalLines, ...fields } = input;
    const { store } = this.#options;
    const parts = before ?? deviceEntity.fromStored({});
    return {
      ...fields,
      ...(settings === undefined ? {} : changeSettings(parts, settings, `device/${mac}`, store)),
      ...(externalLines === undefined
        ? {}
        : changeExternalLines(parts, externalLines ?? [], mac, store, randomId)),
    };
  }

  async #commit(
    actor: Actor,
    operations: readonly Operation[],
    options: ChangeOptions,
  ): Promise<number> {
    const { reason = '', confirmWithinSec } = options;
    const revision = await this.#options.store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations,
    });
    await Promise.all([this.#options.directory.settled(), this.#options.rejected.settled()]);
    return revision.number;
  }
}

function refuseIssues(issues: readonly DevicesIssue[]): void {
  if (issues.length > 0) {
    throw new DevicesError('invalid', 'Some values are not valid.', issues);
  }
}
