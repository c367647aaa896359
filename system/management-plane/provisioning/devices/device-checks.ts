/** Checks fields of devices that name other things: users, groups, vendors and models. */
import type { DeviceGroup } from '../../../configuration/entities/device-group.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import { sipUsernameOf } from '../../../configuration/entities/user.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import { DevicesError, type DevicesIssue } from './devices-error.ts';

/** Which vendors and models there are. */
export interface VendorCatalog {
  /** Id of the vendor whose address block the MAC is from; where several share it, of the one with the model. */
  vendorOfMac(mac: string, model?: string): string | undefined;
  hasVendor(vendor: string): boolean;
  /** Id of the model, by id, name or alias. */
  findModel(vendor: string, spelling: string): string | undefined;
}

/** Null takes the own value away. */
export interface CheckedFields {
  readonly lines?: readonly string[] | null | undefined;
  readonly groups?: readonly string[] | null | undefined;
  readonly vendor?: string | null | undefined;
  readonly model?: string | null | undefined;
}

export interface DeviceChecksOptions {
  readonly store: Pick<ConfigurationStore, 'findUsers' | 'findMany'>;
  readonly vendors: VendorCatalog;
}

export class DeviceChecks {
  readonly #options: DeviceChecksOptions;

  constructor(options: DeviceChecksOptions) {
    this.#options = options;
  }

  /** Every issue of fields that name other things. Throws DevicesError `invalid`. */
  async require(input: CheckedFields, before?: Pick<Device, 'vendor'>): Promise<void> {
    const issues = [
      ...(await this.#findLineIssues(input.lines ?? [])),
      ...(await this.#findGroupIssues(input.groups ?? [])),
      ...this.findModelIssues(
        input.vendor === undefined ? before?.vendor : (input.vendor ?? undefined),
        input.model ?? undefined,
      ),
    ];
    if (issues.length > 0) {
      throw new DevicesError('invalid', 'Some values are not valid.', issues);
    }
  }

  async #findLineIssues(userIds: readonly string[]): Promise<DevicesIssue[]> {
    const users = await this.#options.store.findUsers(userIds);
    const byId = new Map(users.map((user) => [user.id, user]));
    return userIds.flatMap((id, index) => {
      const user = byId.get(id);
      const path = `lines.${String(index)}`;
      if (user === undefined) {
        return [{ path, code: 'not-found', message: `there is no user ${id}` }];
      }
      return sipUsernameOf(user.document) === undefined
        ? [{ path, code: 'contradiction', message: `${user.document.name} has no extension` }]
        : [];
    });
  }

  findModelIssues(vendor: string | undefined, model: string | undefined): DevicesIssue[] {
    const { vendors } = this.#options;
    if (vendor === undefined) {
      return [];
    }
    if (!vendors.hasVendor(vendor)) {
      return [{ path: 'vendor', code: 'not-found', message: `there is no vendor ${vendor}` }];
    }
    return model !== undefined && vendors.findModel(vendor, model) === undefined
      ? [{ path: 'model', code: 'not-found', message: `${vendor} has no model ${model}` }]
      : [];
  }

  async #findGroupIssues(groups: readonly string[]): Promise<DevicesIssue[]> {
    if (groups.length === 0) {
      return [];
    }
    const found = (await this.#options.store.findMany(
      'device-group',
      groups,
    )) as readonly Stored<DeviceGroup>[];
    const known = new Set(found.map(({ id }) => id));
    return groups.flatMap((id, index) =>
      known.has(id)
        ? []
        : [{ path: `groups.${String(index)}`, code: 'not-found', message: `no group ${id}` }],
    );
  }
}
