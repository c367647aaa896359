/**
 * Provisioning put together: what is opened, in which order, and how it ends. Part of the management
 * plane: a phone that boots never costs a call.
 */
import { matchRequest } from '../../../provisioning/identify/match-request.ts';
import type { ProvisioningSettings } from '../../configuration/entities/provisioning-settings.ts';
import type { Timer } from '../../foundation/clock.ts';
import { limitSettingsOf, LoginLimit } from '../accounts/login-limit.ts';
import { PhoneProfiles } from '../users/phone-profiles.ts';
import { readAuthority } from './access/read-authority.ts';
import { createDoors, type AllDoors } from './create-doors.ts';
import { DectBuilder } from './dect/dect-builder.ts';
import { DectOpenings } from './dect/dect-openings.ts';
import { DectServices } from './dect/dect-services.ts';
import { CachedConfiguration } from './directory/cached-configuration.ts';
import { DeviceReplacement } from './devices/device-replacement.ts';
import { NetworkScan } from './discovery/network-scan.ts';
import { HttpFront } from './doors/http-front.ts';
import { DeviceBuilder } from './files/device-builder.ts';
import { DeviceFiles } from './files/device-files.ts';
import { ExplainDevice } from './files/explain-device.ts';
import { Firmware } from './firmware/firmware.ts';
import { openDeviceParts, type DeviceParts } from './open-device-parts.ts';
import { createPhoneHolders } from './phone-users/phone-holders.ts';
import { PhoneLogin } from './phone-users/phone-login.ts';
import { PhonebookDevices } from './phone-users/phonebook-devices.ts';
import type { ProvisioningOptions } from './provisioning-options.ts';
import type { ProvisioningServices } from './provisioning-services.ts';
import { DevicePush } from './sync/device-push.ts';
import { DeviceSync } from './sync/device-sync.ts';

const housekeepingEveryMs = 3_600_000;

export class Provisioning {
  readonly services: ProvisioningServices;
  /** For the sockets of the web. */
  readonly takeRequest: HttpFront['take'];
  readonly #options: ProvisioningOptions;
  readonly #fronts: AllDoors;
  #housekeeping: Timer | undefined;
  #isOpen = false;

  static async start(options: ProvisioningOptions): Promise<Provisioning> {
    const { store, registrations, audit, hasher, callPlane, clock, logger, onProblem } = options;
    const parts = await openDeviceParts(options);
    const { dect: dectDirectory, directory } = parts;
    const openings = new DectOpenings(clock);
    const phonebookDevices = new PhonebookDevices(parts);
    const files = new DeviceFiles({
      ...parts,
      builder: new DeviceBuilder({
        ...parts,
        store: new CachedConfiguration(store),
        dect: new DectBuilder({ store, dect: dectDirectory, openings }),
      }),
      firmwareScope: (device, how) => firmware.offer.scopeFor(device, how),
      phonebookScope: async (device, vendor, reached) => {
        const described = phonebookDevices.describe(device, vendor, reached);
        return described === undefined ? undefined : options.phonebook.scopeOf(described);
      },
      syslogPort: () => fronts.doors.wishedSyslogPort,
    });
    const fronts = createDoors({
      options,
      parts,
      files,
      phonebookDevices,
      images: {
        find: (request) => firmware.images.find(request),
        findFor: (mac, request) => firmware.images.findFor(mac, request),
      },
    });
    const sync = new DeviceSync({ ...parts, files, audit, callPlane, logger });
    const firmware = await Firmware.open({
      ...parts,
      dataDirectory: options.dataDirectory,
      store,
      files,
      sync,
      audit,
      audio: options.audio,
      callPlane,
      clock,
      logger,
      onChange: options.onFirmwareChange,
      onProblem: (sentence) => {
        onProblem('firmware', sentence);
      },
    });
    const explain = new ExplainDevice({ ...parts, files, audit });
    const services: ProvisioningServices = {
      ...parts,
      phonebookDevices,
      files,
      replacement: new DeviceReplacement({ ...parts, store, files, audit }),
      sync,
      explain,
      firmware,
      doors: fronts.doors,
      dhcp: fronts.dhcp,
      pnp: fronts.pnp,
      ftp: fronts.ftp,
      dect: new DectServices({
        ...parts,
        store,
        openings,
        registrations,
        sync,
        audit,
        modelOf: (mac) => {
          const device = directory.find(mac);
          return device === undefined ? undefined : files.modelOf(device);
        },
        clock,
        logger,
      }),
      push: new DevicePush({
        ...parts,
        store,
        basesOf: (handset) => {
          const system = dectDirectory.findHandset(handset)?.document.system ?? '';
          return dectDirectory.findSystem(system)?.document.bases.map(({ mac }) => mac) ?? [];
        },
        registrations,
        sync,
        explain,
        clock,
        logger,
      }),
      phoneProfiles: new PhoneProfiles({ store, hasher, audit, directory, files }),
      networkScan: new NetworkScan({ ...parts, store, audit, clock, logger }),
      phoneLogin: new PhoneLogin({
        store,
        holders: createPhoneHolders(directory, dectDirectory),
        hasher,
        limit: new LoginLimit({ clock, settings: () => limitSettingsOf(store.settings) }),
        audit,
        history: parts.history,
        logger,
      }),
    };
    const provisioning = new Provisioning(options, services, fronts);
    await dectDirectory.start();
    await directory.start();
    await parts.rejected.start();
    forgetDeleted(parts);
    await services.models.start();
    await services.templates.start();
    await services.customFiles.start();
    await services.site.start((settings) => {
      void provisioning.#switchFronts(settings);
    });
    services.push.start();
    provisioning.#housekeep();
    return provisioning;
  }

  private constructor(
    options: ProvisioningOptions,
    services: ProvisioningServices,
    fronts: AllDoors,
  ) {
    this.#fronts = fronts;
    this.#options = options;
    this.services = services;
    this.takeRequest = new HttpFront({
      files: fronts.requests,
      isEnabled: () => services.site.current.httpEnabled,
      authority: () => services.address.authorityLines,
      isDeviceFile: (path) => matchRequest(services.catalogue, path).length > 0,
      isPosted: (path) =>
        matchRequest(services.catalogue, path).some(({ request }) => request.byPost === true),
      uploads: () => services.doors.takeUpload,
      logger: options.logger,
    }).take;
  }

  /** The web listens: devices can be told where. Resolves when what is on is open. */
  async open(ports: { readonly httpsPort: number; readonly httpPort: number }): Promise<void> {
    const { address } = this.services;
    address.ports = { ...address.ports, https: ports.httpsPort, http: ports.httpPort };
    address.authorityLines = readAuthority((await this.#options.provideCertificate()).certificate);
    this.#isOpen = true;
    await this.#switchFronts(this.services.site.current);
    // It may look for other servers for a second: nobody else has to wait for that.
    void this.services.dhcp.start();
    await this.services.doors.open();
    this.services.firmware.rollouts.start();
  }

  async close(): Promise<void> {
    this.#housekeeping?.cancel();
    await this.#fronts.newDevices.close();
    const { directory, models, templates, customFiles, site, seen, history } = this.services;
    this.services.push.close();
    directory.close();
    this.services.rejected.close();
    this.services.dect.close();
    models.close();
    templates.close();
    customFiles.close();
    site.close();
    this.#isOpen = false;
    await this.services.networkScan.close();
    await this.services.firmware.close();
    await this.services.dhcp.close();
    await this.services.doors.close();
    await Promise.all([
      this.#fronts.tftp.switch(false),
      this.#fronts.ftp.switch(false),
      this.#fronts.pnp.switch(false),
    ]);
    await directory.settled();
    await seen.flush();
    await this.services.served.flush();
    await history.flush();
  }

  /** The ports that are open for devices beside those of the web; undefined where off. */
  get devicePorts(): Readonly<Record<'ftp' | 'tftp' | 'pnp', number | undefined>> {
    const { ftp, tftp, pnp } = this.#fronts;
    return { ftp: ftp.port, tftp: tftp.port, pnp: pnp.port };
  }

  async #switchFronts({
    tftpEnabled,
    ftpEnabled,
    pnpEnabled,
  }: ProvisioningSettings): Promise<void> {
    if (this.#isOpen) {
      const { tftp, ftp, pnp } = this.#fronts;
      await Promise.all([tftp.switch(tftpEnabled), ftp.switch(ftpEnabled), pnp.switch(pnpEnabled)]);
      const { address, dhcp } = this.services;
      address.ports = { ...address.ports, ftp: ftp.port ?? address.ports.ftp };
      await dhcp.refresh();
    }
  }

  #housekeep(): void {
    const { clock, logger, onProblem } = this.#options;
    const { history, site, directory } = this.services;
    history.deleteOld(site.current.historyKeepDays).catch((error: unknown) => {
      logger.error('The old history of devices could not be deleted', { error });
    });
    const { unreadableCount } = directory;
    onProblem(
      'secrets',
      unreadableCount === 0
        ? undefined
        : `The passwords of ${String(unreadableCount)} devices cannot be read with this key file. Reset them.`,
    );
    if (this.services.scans.alarms.length === 0) {
      onProblem('scan', undefined);
    }
    this.#housekeeping = clock.schedule(housekeepingEveryMs, () => {
      this.#housekeep();
    });
  }
}

/** A deletion is not taken back over a restart: what deleted devices did goes then. */
function forgetDeleted({ directory, rejected, dect, seen, served }: DeviceParts): void {
  for (const mac of new Set([...seen.macs, ...served.macs])) {
    const isThere = directory.find(mac) !== undefined || dect.findHandset(mac) !== undefined;
    if (!isThere && !rejected.has(mac)) {
      seen.forget(mac);
      served.forget(mac);
    }
  }
}
