/** Files of one device, rendered from the configuration that is in force. */
import type { Transport } from '../../../../provisioning/device.ts';
import { findMisfits, type Misfit } from '../../../../provisioning/rendering/find-misfits.ts';
import { withOwnServers } from '../../../../provisioning/rendering/own-servers.ts';
import {
  fileNameOf,
  renderFile,
  resolveDeviceSettings,
  type RenderedFile,
} from '../../../../provisioning/rendering/render.ts';
import type { ResolvedSettings, Scope } from '../../../../provisioning/scope/resolve-scopes.ts';
import { findUsedVariables } from '../../../../provisioning/rendering/used-variables.ts';
import type { CompiledVendor } from '../../../../provisioning/vendors/compile-vendor.ts';
import type { VendorCatalogue } from '../../../../provisioning/vendors/vendor-catalogue.ts';
import type { Model, Stage } from '../../../../provisioning/vendors/vendor.ts';
import type { Device } from '../../../configuration/entities/device.ts';
import type { Stored } from '../../configuration-store/configuration-store.ts';
import type { DeviceBuilder } from './device-builder.ts';
import { findLineIssues } from './find-line-issues.ts';
import { syslogScopeOf } from './syslog-scope.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { DeviceModelsService } from '../shared-settings/device-models-service.ts';
import type { DeviceTemplatesService } from '../shared-settings/device-templates-service.ts';
import { DevicesError, type DevicesIssue } from '../devices/devices-error.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { ServerAddress } from '../access/server-address.ts';
import type { TemporaryTokens } from '../access/temporary-tokens.ts';

export interface DeviceFilesOptions {
  readonly catalogue: VendorCatalogue;
  readonly directory: Pick<DeviceDirectory, 'credentialsOf'>;
  readonly seen: SeenDevices;
  readonly builder: DeviceBuilder;
  readonly models: Pick<DeviceModelsService, 'customLinesOf'>;
  readonly templates: Pick<DeviceTemplatesService, 'vendorFor'>;
  readonly address: ServerAddress;
  readonly temporaryTokens: TemporaryTokens;
  /** The variables of firmware for a device that shall update itself. */
  readonly firmwareScope: (
    device: OfferedDevice,
    options: { readonly reached: string | undefined; readonly isUnencrypted: boolean },
  ) => Scope | undefined;
  /** Where the device reads its phonebook; below everything that administrators set. */
  readonly phonebookScope: (
    device: Stored<Device>,
    vendor: string,
    reached: string | undefined,
  ) => Promise<Scope | undefined>;
  /** Where logs are received; undefined while they are not. */
  readonly syslogPort: () => number | undefined;
}

export interface VendorAndModel {
  readonly vendor: CompiledVendor;
  readonly model: Model;
}

/** As firmware is chosen for it. */
export interface OfferedDevice extends VendorAndModel {
  readonly mac: string;
  /** What it runs. */
  readonly running: string | undefined;
  readonly settings: ResolvedSettings;
}

export interface DeviceSettings {
  /** With the scope that gave each. */
  readonly resolved: ResolvedSettings;
  /** As they would be without the device's own. */
  readonly inherited: ResolvedSettings;
  /** Names of those that the files of the model read. */
  readonly used: ReadonlySet<string>;
}

export interface DeviceFile {
  readonly id: string;
  readonly file: RenderedFile;
}

export class DeviceFiles {
  readonly #options: DeviceFilesOptions;

  constructor(options: DeviceFilesOptions) {
    this.#options = options;
  }

  /** What the device is: as it told, or as the configuration says. Undefined while nobody knows. */
  modelOf({ document }: Stored<Device>): VendorAndModel | undefined {
    const { catalogue, seen } = this.#options;
    const told = seen.find(document.mac);
    const vendor = catalogue.find(told.vendor ?? document.vendor ?? '');
    if (vendor === undefined) {
      return undefined;
    }
    const spelling = told.model ?? document.model;
    const model = spelling === undefined ? undefined : vendor.findModel(spelling);
    return { vendor, model: model ?? vendor.requireModel(vendor.data.genericModel) };
  }

  /** The file whose whole address is entered at the device; undefined where it adds names itself. */
  entryFileOf(device: Stored<Device>): string | undefined {
    const known = this.modelOf(device);
    const name = known?.vendor.data.entryFile;
    return known === undefined || name === undefined
      ? undefined
      : fileNameOf(name, device.document.mac, known.model);
  }

  /**
   * `reached`: the address of ours that the device uses. `token`: which one stands in the address
   * that the file tells; the device's own only for whoever showed it. Undefined when the vendor has no such file
   * in that stage, or not for such a device. Rejects with ProvisioningError and SecretSealError.
   */
  async render(
    device: Stored<Device>,
    { vendor: shipped, model }: VendorAndModel,
    file: string,
    stage: Stage,
    reached: string | undefined,
    token: 'own' | 'temporary' = 'own',
  ): Promise<RenderedFile | undefined> {
    const { builder, models, templates } = this.#options;
    const vendor = templates.vendorFor(shipped, model.id);
    const found = vendor.findFile(model, file, stage);
    if (found === undefined) {
      return undefined;
    }
    const built = await builder.build(device, vendor, model, reached);
    const scopes = await this.#scopesOf(device, vendor, model, stage, reached);
    const firmware = this.#options.firmwareScope(
      {
        mac: device.id,
        vendor,
        model,
        running: built.firmware,
        settings: resolveDeviceSettings(vendor, model, built, scopes),
      },
      { reached, isUnencrypted: device.document.tftpException },
    );
    return renderFile({
      vendor,
      device: built,
      scopes: firmware === undefined ? scopes : [...scopes, firmware],
      customLines: models.customLinesOf(vendor.data.id, model.id),
      file,
      stage,
      fetchUrl: this.#fetchUrl(device, token, reached),
      authority: this.#options.address.authorityFor(reached),
    });
  }

  /** What of lines and keys finds no place on the model; nothing while nobody knows which it is. */
  async findLeftOut(
    device: Stored<Device>,
  ): Promise<{ readonly lines: number; readonly keys: number }> {
    const known = this.modelOf(device);
    if (known === undefined) {
      return { lines: 0, keys: 0 };
    }
    const { lines, keys } = await this.#options.builder.findLeftOut(device, known.model);
    const misfits = await this.#findMisfits(device, known);
    return { lines: lines + misfits.length, keys };
  }

  /** External lines that the model cannot have; none while nobody knows which it is. */
  async findExternalLineIssues(device: Stored<Device>): Promise<readonly DevicesIssue[]> {
    const known = this.modelOf(device);
    if (known === undefined) {
      return [];
    }
    const { name, lines } = known.model;
    const told = this.#options.seen.find(device.document.mac).model ?? device.document.model;
    // A model that is only assumed has fewer lines than most.
    const model = { name, lines: told === undefined ? Number.POSITIVE_INFINITY : lines };
    return findLineIssues(device.document, model, await this.#findMisfits(device, known));
  }

  /** By the place among the external lines. */
  async #findMisfits(
    device: Stored<Device>,
    { vendor: shipped, model }: VendorAndModel,
  ): Promise<readonly Misfit[]> {
    const places = {
      sharedByLines: shipped.sharedByLines(model),
      transports: shipped.transportsOf(model),
    };
    const hasAll = places.sharedByLines.length === 0 && places.transports === undefined;
    if (device.document.externalLines.length === 0 || hasAll) {
      return [];
    }
    const { reached } = this.#options.seen.find(device.document.mac);
    const vendor = this.#options.templates.vendorFor(shipped, model.id);
    const { lines, ...built } = await this.#options.builder.build(device, vendor, model, reached);
    const scopes = this.#sharedScopesOf(vendor, model, reached);
    const settings = resolveDeviceSettings(vendor, model, { ...built, lines }, scopes);
    const before = lines.findIndex(({ isExternal }) => isExternal === true);
    const transport = (settings.get('sip.transport')?.value as Transport | undefined) ?? 'udp';
    return findMisfits(places, withOwnServers(lines, settings), transport).map(
      ({ index, part }) => {
        return { index: index - before, part };
      },
    );
  }

  /** A file of the administrator's own that the device or one of its groups names. */
  async findCustom(device: Stored<Device>, name: string): Promise<string | undefined> {
    const files = await this.#options.builder.customFilesOf(device);
    return files.find((file) => file.name === name)?.text;
  }

  /** Rejects with DevicesError `conflict` while the vendor is not known, and with SecretSealError. */
  async resolveSettings(device: Stored<Device>): Promise<DeviceSettings> {
    const { vendor: shipped, model } = this.#requireModelOf(device);
    const { builder, templates } = this.#options;
    const vendor = templates.vendorFor(shipped, model.id);
    const { reached } = this.#options.seen.find(device.document.mac);
    const built = await builder.build(device, vendor, model, reached);
    const scopes = this.#sharedScopesOf(vendor, model, reached);
    return {
      resolved: resolveDeviceSettings(vendor, model, built, scopes),
      inherited: resolveDeviceSettings(vendor, model, { ...built, settings: {} }, scopes),
      used: findUsedVariables(vendor, model),
    };
  }

  /** The files with the device's own configuration, as it would get them now. */
  async renderAll(device: Stored<Device>): Promise<readonly DeviceFile[]> {
    const known = this.#requireModelOf(device);
    const { reached } = this.#options.seen.find(device.document.mac);
    const files: DeviceFile[] = [];
    for (const { declaration } of known.vendor.filesOf(known.model, 'secure')) {
      const file = await this.render(device, known, declaration.id, 'secure', reached);
      if (file !== undefined) {
        files.push({ id: declaration.id, file });
      }
    }
    return files;
  }

  #requireModelOf(device: Stored<Device>): VendorAndModel {
    const known = this.modelOf(device);
    if (known === undefined) {
      throw new DevicesError('conflict', 'Nobody knows yet of which vendor the device is.');
    }
    return known;
  }

  async #scopesOf(
    device: Stored<Device>,
    vendor: CompiledVendor,
    model: Model,
    stage: Stage,
    reached: string | undefined,
  ): Promise<readonly Scope[]> {
    const { phonebookScope } = this.#options;
    const phonebook =
      stage === 'secure' ? await phonebookScope(device, vendor.data.id, reached) : undefined;
    const scopes = this.#sharedScopesOf(vendor, model, reached);
    return phonebook === undefined ? scopes : [phonebook, ...scopes];
  }

  /** What holds for all devices of the model, the weakest first. */
  #sharedScopesOf(
    vendor: CompiledVendor,
    model: Model,
    reached: string | undefined,
  ): readonly Scope[] {
    const { builder, address, syslogPort } = this.#options;
    const server = { host: address.hostFor(reached), port: syslogPort() };
    const syslog = syslogScopeOf(vendor, model, server);
    const scopes = builder.scopesOf(vendor, model);
    return syslog === undefined ? scopes : [syslog, ...scopes];
  }

  #fetchUrl(
    device: Stored<Device>,
    kind: 'own' | 'temporary',
    reached: string | undefined,
  ): string {
    const { address, directory, temporaryTokens } = this.#options;
    const { mac, tftpException } = device.document;
    if (kind === 'temporary') {
      return address.httpsUrl(temporaryTokens.issue(mac), reached);
    }
    const token = directory.credentialsOf(device)?.token.reveal();
    if (token === undefined) {
      throw new DevicesError(
        'conflict',
        'The passwords of the device cannot be read with this key file. Reset them.',
      );
    }
    return tftpException ? address.httpUrl(token, reached) : address.httpsUrl(token, reached);
  }
}
