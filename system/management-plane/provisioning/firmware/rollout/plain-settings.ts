/**
 * One plain setting of many devices at once, without building the devices: own, group, model, vendor,
 * site, default, in this order.
 */
import { findVariable } from '../../../../../provisioning/scope/variables.ts';
import type { DeviceGroup } from '../../../../configuration/entities/device-group.ts';
import {
  deviceModelId,
  type DeviceModel,
} from '../../../../configuration/entities/device-model.ts';
import type { Device } from '../../../../configuration/entities/device.ts';
import type { SettingsInDocument } from '../../../../configuration/entities/provisioning-values.ts';
import type {
  ConfigurationStore,
  Stored,
} from '../../../configuration-store/configuration-store.ts';
import type { SiteSettingsService } from '../../shared-settings/site-settings-service.ts';

/** Where a value is from; `site` stands for the default, too. */
export type PlainSource = 'device' | 'group' | 'model' | 'site';

export interface PlainSetting {
  readonly value: SettingsInDocument[string] | undefined;
  readonly source: PlainSource;
}

export class PlainSettings {
  readonly #groups: ReadonlyMap<string, SettingsInDocument>;
  readonly #models: ReadonlyMap<string, SettingsInDocument>;
  readonly #site: SettingsInDocument;

  /** As of now: read it again after a change of the configuration. */
  static async load(
    store: Pick<ConfigurationStore, 'findAll'>,
    site: Pick<SiteSettingsService, 'current'>,
  ): Promise<PlainSettings> {
    const groups = (await store.findAll('device-group')) as readonly Stored<DeviceGroup>[];
    const models = (await store.findAll('device-model')) as readonly Stored<DeviceModel>[];
    return new PlainSettings(
      new Map(groups.map(({ id, document }) => [id, document.settings])),
      new Map(models.map(({ id, document }) => [id, document.settings])),
      site.current.settings,
    );
  }

  private constructor(
    groups: ReadonlyMap<string, SettingsInDocument>,
    models: ReadonlyMap<string, SettingsInDocument>,
    site: SettingsInDocument,
  ) {
    this.#groups = groups;
    this.#models = models;
    this.#site = site;
  }

  find(device: Device, vendor: string, model: string, name: string): PlainSetting {
    const scopes: readonly (readonly [PlainSource, SettingsInDocument | undefined])[] = [
      ['device', device.settings],
      // The last group wins.
      ...device.groups
        .toReversed()
        .map((id): readonly [PlainSource, SettingsInDocument | undefined] => [
          'group',
          this.#groups.get(id),
        ]),
      ['model', this.#models.get(deviceModelId(vendor, model))],
      ['model', this.#models.get(deviceModelId(vendor, undefined))],
      ['site', this.#site],
    ];
    for (const [source, settings] of scopes) {
      const value = settings?.[name];
      if (value !== undefined) {
        return { value: value ?? undefined, source };
      }
    }
    const fallback = findVariable(name)?.default as SettingsInDocument[string] | undefined;
    return { value: fallback, source: 'site' };
  }
}
