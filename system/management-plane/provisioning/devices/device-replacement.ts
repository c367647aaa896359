/**
 * A broken device is exchanged: another one takes its place, with everything that was set for it,
 * and the old one leaves the list in the same revision. The secrets of the old one go with it.
 */
import { parseMac } from '../../../../provisioning/mac.ts';
import { hasPlace } from '../../../../provisioning/rendering/render-fields.ts';
import type { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';
import { deviceEntity, type Device } from '../../../configuration/entities/device.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import type { Actor } from '../../actor.ts';
import type { RecordChangeOptions } from '../../change-options.ts';
import { type CommitChange, createCommitChange } from '../../commit-change.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { DeviceChanges, Operation } from '../../configuration-store/operation.ts';
import type { TemporaryTokens } from '../access/temporary-tokens.ts';
import type { DeviceHistory } from '../device-state/device-history.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { DectDirectory } from '../directory/dect-directory.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { ListedDevice } from '../directory/listed-device.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import { isDeviceAddress } from './device-address.ts';
import type { VendorCatalog } from './device-checks.ts';
import { DevicesError } from './devices-error.ts';
import type { DevicesService } from './devices-service.ts';
import { refuseRejected } from './rejected-devices-service.ts';
import { planTakeOver, replaceBase } from './take-over.ts';

interface VendorAndModel {
  readonly vendor: CompiledVendor;
  readonly model: Model;
}

/** What the files of a device, or of one as it would be, have room for. */
export interface ModelFacts {
  /** Undefined while nobody knows. */
  modelOf(device: Stored<Device>): VendorAndModel | undefined;
  findLeftOut(device: Stored<Device>): Promise<{ readonly lines: number; readonly keys: number }>;
  /** `used`: names of settings that the model has. */
  resolveSettings(device: Stored<Device>): Promise<{ readonly used: ReadonlySet<string> }>;
}

export interface DeviceReplacementOptions {
  readonly store: ConfigurationStore;
  readonly devices: Pick<DevicesService, 'require' | 'planCreation' | 'announce'>;
  readonly directory: Pick<DeviceDirectory, 'find' | 'settled'>;
  readonly rejected: Pick<RejectedDirectory, 'has' | 'settled'>;
  readonly dect: Pick<DectDirectory, 'systemOfBase' | 'settled'>;
  readonly files: ModelFacts;
  readonly seen: Pick<SeenDevices, 'find'>;
  readonly temporaryTokens: Pick<TemporaryTokens, 'revoke'>;
  readonly history: Pick<DeviceHistory, 'add'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly vendors: Pick<VendorCatalog, 'vendorOfMac' | 'findModel'>;
}

/** What a replacement would do, before anything changes. */
export interface PreviewedReplacement {
  readonly mac: string;
  /** Whether it is in the list already. */
  readonly isKnown: boolean;
  readonly model: VendorAndModel | undefined;
  /** What the new device cannot take. */
  readonly leftOut: {
    readonly lines: number;
    readonly keys: number;
    /** Names of own settings that had an effect on the old device and have none on the new one. */
    readonly settings: readonly string[];
    /** They are in the words of another vendor. */
    readonly customLines: number;
  };
  /** The old one may fetch without encryption; the new one may not unless it is allowed to. */
  readonly losesException: boolean;
}

interface Plan {
  readonly mac: string;
  readonly isKnown: boolean;
  /** As it will be. */
  readonly after: Stored<Device>;
  readonly operations: readonly Operation[];
}

/** Methods reject with DevicesError, with SecretSealError, and with ConfigurationError as the store's `commit` does. */
export class DeviceReplacement {
  readonly #options: DeviceReplacementOptions;
  readonly #commit: CommitChange;

  constructor(options: DeviceReplacementOptions) {
    this.#options = options;
    const { store, directory, rejected, dect } = options;
    this.#commit = createCommitChange(store, [directory, rejected, dect]);
  }

  /** `by`: MAC of the new device in any spelling. */
  async preview(mac: string, by: string): Promise<PreviewedReplacement> {
    const { devices, files } = this.#options;
    const before = devices.require(mac).stored;
    const plan = this.#plan(before, by, undefined);
    const { lines, keys } = await files.findLeftOut(plan.after);
    const model = files.modelOf(plan.after);
    return {
      mac: plan.mac,
      isKnown: plan.isKnown,
      model,
      leftOut: {
        lines,
        keys: keys + (model === undefined ? 0 : countMisplaced(plan.after.document, model)),
        settings: await this.#findLostSettings(before, plan.after),
        customLines: before.document.customLines.length - plan.after.document.customLines.length,
      },
      losesException: before.document.tftpException && !plan.after.document.tftpException,
    };
  }

  /** `by`: MAC of the new device in any spelling. Resolves with that device. */
  async replace(
    actor: Actor,
    mac: string,
    by: string,
    options: RecordChangeOptions & { readonly address?: string | undefined } = {},
  ): Promise<ListedDevice> {
    const { devices, temporaryTokens, history, audit } = this.#options;
    const plan = this.#plan(devices.require(mac).stored, by, options.ifVersion);
    const commit = (): Promise<unknown> => this.#commit(actor, plan.operations, options);
    await (plan.isKnown ? commit() : devices.announce([plan.mac], commit));
    temporaryTokens.revoke(mac);
    const { address = '' } = options;
    const byWhom = { code: 'done-by', facts: { name: actor.name } } as const;
    for (const [kind, one, other] of [
      ['replaced', mac, plan.mac],
      ['took-over', plan.mac, mac],
    ] as const) {
      const notes = [{ code: 'text', facts: { text: other } }, byWhom] as const;
      history.add({ mac: one, kind, address, notes });
    }
    const detail = `${mac} → ${plan.mac}`;
    await audit.record({ action: 'device-replaced', actor, address, detail });
    return devices.require(plan.mac);
  }

  #plan(before: Stored<Device>, by: string, ifVersion: number | undefined): Plan {
    const { store, devices, directory } = this.#options;
    const mac = this.#requireFree(before.id, by);
    const known = directory.find(mac);
    const identity = this.#identify(before, mac, known);
    const taken: DeviceChanges = {
      ...planTakeOver({ before: before.document, mac, isSameVendor: identity.isSame }, store),
      vendor: known?.document.vendor ?? identity.vendor,
      model: known?.document.model ?? identity.model,
    };
    const [created] = devices.planCreation([{ mac, input: {} }]);
    const fresh = created?.kind === 'create' ? (created.after as Device) : undefined;
    const document = deviceEntity.fromStored({ ...(known?.document ?? fresh), ...taken });
    const after = { id: mac, version: known?.version ?? 0, document };
    return {
      mac,
      isKnown: known !== undefined,
      after,
      operations: [
        { kind: 'delete', entity: 'device', id: before.id, ifVersion },
        known === undefined
          ? { kind: 'create', entity: 'device', id: mac, after: document }
          : { kind: 'update', entity: 'device', id: mac, after: taken, ifVersion: known.version },
        ...this.#planBase(before, after),
      ],
    };
  }

  /** The MAC in the inner spelling, of a device that may take another one's place. */
  #requireFree(before: string, by: string): string {
    const { directory, rejected, dect } = this.#options;
    const mac = parseMac(by.trim());
    if (mac === undefined || !isDeviceAddress(mac)) {
      const message = `${by} is no MAC of a device`;
      throw new DevicesError('invalid', 'Some MAC addresses are not valid.', [
        { path: 'mac', code: 'invalid-value', message },
      ]);
    }
    if (mac === before) {
      throw new DevicesError('invalid', 'Some MAC addresses are not valid.', [
        { path: 'mac', code: 'contradiction', message: `${mac} is the device itself` },
      ]);
    }
    refuseRejected(rejected, [mac]);
    const document = directory.find(mac)?.document;
    const system = dect.systemOfBase(mac);
    if (system !== undefined) {
      const message = `${mac} is a base of the DECT system ${system.document.name}`;
      throw new DevicesError('conflict', 'The new device is in use.', [
        { path: 'mac', code: 'contradiction', message },
      ]);
    }
    if (document !== undefined && document.lines.length + document.externalLines.length > 0) {
      const message = `${mac} has lines: take them away first`;
      throw new DevicesError('conflict', 'The new device is in use.', [
        { path: 'mac', code: 'contradiction', message },
      ]);
    }
    return mac;
  }

  /** What the new one is: as it told, as it is in the list, by its MAC; otherwise like the old one. */
  #identify(before: Stored<Device>, mac: string, known: Stored<Device> | undefined) {
    const { seen, vendors } = this.#options;
    const told = seen.find(mac);
    const old = this.#spellingOf(before);
    const vendor =
      told.vendor ??
      known?.document.vendor ??
      vendors.vendorOfMac(mac, known?.document.model ?? old.model) ??
      old.vendor;
    const isSame = vendor === undefined || old.vendor === undefined || vendor === old.vendor;
    const expected = told.model ?? known?.document.model ?? (isSame ? old.model : undefined);
    const model =
      vendor !== undefined && expected !== undefined
        ? vendors.findModel(vendor, expected)
        : undefined;
    return { vendor, model, isSame };
  }

  #spellingOf({ id, document }: Stored<Device>) {
    const told = this.#options.seen.find(id);
    return {
      vendor: told.vendor ?? document.vendor,
      model: told.model ?? document.model,
    };
  }

  /** The place of a base in its DECT system, where the new device can have it. */
  #planBase(before: Stored<Device>, after: Stored<Device>): Operation[] {
    const { dect, files } = this.#options;
    const system = dect.systemOfBase(before.id);
    if (system === undefined) {
      return [];
    }
    const { bases } = system.document;
    const known = files.modelOf(after);
    const isFit =
      known?.model.dect !== undefined &&
      known.model.dect.bases >= bases.length &&
      (bases.length === 1 || known.vendor.data.id === files.modelOf(before)?.vendor.data.id);
    if (!isFit) {
      const { name } = system.document;
      const message = `${after.id} cannot be a base of the DECT system ${name}`;
      throw new DevicesError('invalid', 'Some values are not valid.', [
        { path: 'mac', code: 'contradiction', message },
      ]);
    }
    const changes = replaceBase(system.document, before.id, after.id);
    return [
      {
        kind: 'update',
        entity: 'dect-system',
        id: system.id,
        after: changes,
        ifVersion: system.version,
      },
    ];
  }

  async #findLostSettings(before: Stored<Device>, after: Stored<Device>): Promise<string[]> {
    const { files } = this.#options;
    const { settings, secretSettings } = after.document;
    const own = [...Object.keys(settings), ...Object.keys(secretSettings)];
    const isKnown = [before, after].every((device) => files.modelOf(device) !== undefined);
    if (own.length === 0 || !isKnown) {
      return [];
    }
    const had = (await files.resolveSettings(before)).used;
    const has = (await files.resolveSettings(after)).used;
    return own.filter((name) => had.has(name) && !has.has(name)).toSorted();
  }
}

/** Keys of the device's own for which the model has no place. */
function countMisplaced({ keys }: Device, { model }: VendorAndModel): number {
  return keys.filter(({ kind, area, index, module }) => {
    const key = { area, index, kind, ...(module === undefined ? {} : { module }) };
    return kind !== 'none' && (area === 'line' ? index > model.keys.line : !hasPlace(key, model));
  }).length;
}
