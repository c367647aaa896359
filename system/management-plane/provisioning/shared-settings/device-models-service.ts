/** Values for all devices of a vendor or of one of its models, as the administrator set them. */
import type { CustomLine } from '../../../../provisioning/custom-line.ts';
import { parseSettings } from '../../../../provisioning/scope/parse-settings.ts';
import type { Scope } from '../../../../provisioning/scope/resolve-scopes.ts';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import {
  deviceModelId,
  titleOfDeviceModel,
  type DeviceModel,
} from '../../../configuration/entities/device-model.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import { DevicesError } from '../devices/devices-error.ts';
import type { ChangeOptions, RecordChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import { FollowedEntities } from '../directory/followed-entities.ts';
import {
  changeSettings,
  openSecretSettings,
  type SettingChanges,
} from '../../provisioning-values/setting-changes.ts';

export interface DeviceModelInput {
  readonly settings?: SettingChanges | undefined;
  readonly customLines?: DeviceModel['customLines'] | null | undefined;
}

/** Methods that change reject with DevicesError, and with ConfigurationError as `commit` does. */
export class DeviceModelsService {
  readonly #store: ConfigurationStore;
  readonly #catalogue: Pick<VendorCatalogue, 'find'>;
  readonly #records: FollowedEntities<DeviceModel>;
  readonly #commit: CommitChange;

  constructor(options: {
    readonly store: ConfigurationStore;
    readonly catalogue: Pick<VendorCatalogue, 'find'>;
  }) {
    this.#store = options.store;
    this.#catalogue = options.catalogue;
    this.#records = new FollowedEntities(options.store, 'device-model');
    this.#commit = createCommitChange(options.store, [this.#records]);
  }

  start(): Promise<void> {
    return this.#records.start();
  }

  close(): void {
    this.#records.close();
  }

  /** Vendors before their models, in the order of their names. */
  all(): Stored<DeviceModel>[] {
    return this.#records
      .all()
      .toSorted((a, b) =>
        titleOfDeviceModel(a.document) < titleOfDeviceModel(b.document) ? -1 : 1,
      );
  }

  require(id: string): Stored<DeviceModel> {
    const stored = this.#records.find(id);
    if (stored === undefined) {
      throw new DevicesError('not-found', 'Nothing is set for this vendor or model.');
    }
    return stored;
  }

  /** What holds for a device of this model: of the vendor first, then of the model. */
  scopesOf(vendor: string, model: string): Scope[] {
    return this.#recordsOf(vendor, model).map(({ id, document }) => {
      const secrets = openSecretSettings(document.secretSettings, ownerOf(id), this.#store);
      return {
        level: document.model === undefined ? 'vendor' : 'model',
        name: document.model ?? document.vendor,
        values: parseSettings({ ...document.settings, ...secrets }).values,
      };
    });
  }

  /** Custom lines that hold for a device of this model; later ones win. */
  customLinesOf(vendor: string, model: string): (CustomLine & { readonly file?: string })[] {
    return this.#recordsOf(vendor, model).flatMap(({ document }) =>
      document.customLines.map(({ file, key, value }) => ({
        ...(file === undefined ? {} : { file }),
        key,
        value,
        origin: {
          source: document.model === undefined ? ('vendor' as const) : ('model' as const),
          name: document.model ?? document.vendor,
        },
      })),
    );
  }

  async create(
    actor: Actor,
    {
      vendor,
      model,
      ...input
    }: { readonly vendor: string; readonly model?: string | undefined } & DeviceModelInput,
    options: ChangeOptions = {},
  ): Promise<Stored<DeviceModel>> {
    const known = this.#requireKnown(vendor, model);
    const id = deviceModelId(vendor, known);
    if (this.#records.find(id) !== undefined) {
      throw new DevicesError('conflict', 'Values for this vendor or model are set already.');
    }
    const after = {
      vendor,
      ...(known === undefined ? {} : { model: known }),
      ...this.#toChanges(id, undefined, input),
    };
    await this.#commit(actor, [{ kind: 'create', entity: 'device-model', id, after }], options);
    return this.require(id);
  }

  async update(
    actor: Actor,
    id: string,
    input: DeviceModelInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<DeviceModel>> {
    const after = this.#toChanges(id, this.require(id).document, input);
    const { ifVersion } = options;
    await this.#commit(
      actor,
      [{ kind: 'update', entity: 'device-model', id, after, ifVersion }],
      options,
    );
    return this.require(id);
  }

  async delete(actor: Actor, id: string, options: RecordChangeOptions = {}): Promise<void> {
    this.require(id);
    const { ifVersion } = options;
    await this.#commit(actor, [{ kind: 'delete', entity: 'device-model', id, ifVersion }], options);
  }

  #recordsOf(vendor: string, model: string): Stored<DeviceModel>[] {
    return [deviceModelId(vendor, undefined), deviceModelId(vendor, model)].flatMap(
      (id) => this.#records.find(id) ?? [],
    );
  }

  /** The model as the vendor's data spells it. */
  #requireKnown(vendorId: string, spelling: string | undefined): string | undefined {
    const vendor = this.#catalogue.find(vendorId);
    const model = spelling === undefined ? undefined : vendor?.findModel(spelling);
    if (vendor === undefined || (spelling !== undefined && model === undefined)) {
      const path = vendor === undefined ? 'vendor' : 'model';
      throw new DevicesError('invalid', 'There is no such vendor or model.', [
        { path, code: 'not-found', message: `there is no ${path} ${spelling ?? vendorId}` },
      ]);
    }
    return model?.id;
  }

  #toChanges(id: string, before: DeviceModel | undefined, input: DeviceModelInput) {
    const { settings, ...fields } = input;
    if (settings === undefined) {
      return fields;
    }
    const parts = before ?? { settings: {}, secretSettings: {} };
    return { ...fields, ...changeSettings(parts, settings, ownerOf(id), this.#store) };
  }
}

function ownerOf(id: string): string {
  return `device-model/${id}`;
}
