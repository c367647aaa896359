/**
 * Provisioning put together: what is opened, in which order, and how it ends. Part of the management
 * plane: a phone that boots never costs a call.
 */
import { join } from 'node:path';
import { VendorCatalogue } from '../../../provisioning/vendors/vendor-catalogue.ts';
import type { ProvisioningSettings } from '../../configuration/entities/provisioning-settings.ts';
import type { ManagementPlaneBus } from '../../bus/ends.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import { limitSettingsOf, LoginLimit } from '../accounts/login-limit.ts';
import type { PasswordHasher } from '../accounts/password-hash.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import { systemActor } from '../actor.ts';
import { RedirectionTokens } from '../redirection/redirection-tokens.ts';
import { CertificateAlarms } from '../device-access/certificate-alarms.ts';
import { Doors } from '../device-access/doors.ts';
import { isPhonebookPath, type DevicePhonebook } from '../phonebooks/device-phonebook.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import type { AudioQuality } from '../records/audio-quality.ts';
import type { RegistrationDirectory } from '../registrations/registration-directory.ts';
import type { TlsCertificate } from '../tls-certificate.ts';
import { CachedConfiguration } from './directory/cached-configuration.ts';
import { CustomFilesService } from './shared-settings/custom-files-service.ts';
import { DectBuilder } from './dect/dect-builder.ts';
import { DectDirectory } from './directory/dect-directory.ts';
import { DectOpenings } from './dect/dect-openings.ts';
import { DectServices } from './dect/dect-services.ts';
import { PhoneProfiles } from '../users/phone-profiles.ts';
import { DeviceBuilder } from './files/device-builder.ts';
import { DeviceDirectory } from './directory/device-directory.ts';
import { DeviceFiles } from './files/device-files.ts';
import { DeviceGroupsService } from './devices/device-groups-service.ts';
import { DeviceHistory } from './device-state/device-history.ts';
import { DeviceModelsService } from './shared-settings/device-models-service.ts';
import { DevicesImport } from './devices/devices-import.ts';
import { DevicesService } from './devices/devices-service.ts';
import { DeviceTemplatesService } from './shared-settings/device-templates-service.ts';
import { DevicePush } from './sync/device-push.ts';
import { DeviceSync } from './sync/device-sync.ts';
import { DhcpService } from './doors/dhcp-service.ts';
import { ExplainDevice } from './files/explain-device.ts';
import { FileService } from './doors/file-service.ts';
import { Firmware } from './firmware/firmware.ts';
import { HttpFront } from './doors/http-front.ts';
import { createPhoneHolders } from './phone-users/phone-holders.ts';
import { PhoneLogin } from './phone-users/phone-login.ts';
import { PhonebookDevices } from './phone-users/phonebook-devices.ts';
import type { ProvisioningServices } from './provisioning-services.ts';
import type { ProvisioningDatabase } from './device-state/provisioning-tables.ts';
import { NewDevices } from './devices/new-devices.ts';
import { PnpFront } from './doors/pnp-front.ts';
import { ProvisioningWindow } from './access/provisioning-window.ts';
import { ScanWatch } from './access/scan-watch.ts';
import { SeenDevices } from './device-state/seen-devices.ts';
import { ServedFiles } from './device-state/served-files.ts';
import { ServerAddress } from './access/server-address.ts';
import { describeVendors } from './devices/shipped-vendors.ts';
import { SiteSettingsService } from './shared-settings/site-settings-service.ts';
import { SyncGrants } from './access/sync-grants.ts';
import { TemporaryTokens } from './access/temporary-tokens.ts';
import { UnclearDevices } from './devices/unclear-devices.ts';
import { TftpFront } from './doors/tftp-front.ts';

export interface ProvisioningOptions {
  readonly store: ConfigurationStore;
  readonly database: ProvisioningDatabase;
  readonly registrations: RegistrationDirectory;
  readonly audit: AuditLog;
  readonly hasher: PasswordHasher;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly listenAddresses: readonly string[];
  readonly sipPort: number;
  readonly dataDirectory: string;
  /** 67 and 68; others for tests. */
  readonly dhcpPorts?: { readonly server: number; readonly client: number } | undefined;
  /** 69 and 5060; others for tests. */
  readonly devicePorts?:
    { readonly tftp: number; readonly pnp: number; readonly doors?: number } | undefined;
  readonly version: string;
  /** The appliance's own, for HTTPS. */
  readonly provideCertificate: () => Promise<TlsCertificate>;
  /** How users' phones sounded. */
  readonly audio: AudioQuality;
  /** Devices did something that lists show. Called often. */
  readonly onDevicesSeen?: (() => void) | undefined;
  /** Devices wrote to their logs. Called often. */
  readonly onDeviceLog: () => void;
  /** Something about rollouts changed that people look at. */
  readonly onFirmwareChange: () => void;
  /** Phonebooks as devices read them. */
  readonly phonebook: DevicePhonebook;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A sentence for administrators, or undefined when it is over. */
  readonly onProblem: (name: string, sentence: string | undefined) => void;
}

/** Doors for devices beside those of the web, and the way of new ones into the list. */
interface Fronts {
  readonly newDevices: NewDevices;
  readonly tftp: TftpFront;
  readonly pnp: PnpFront;
}

const standardPorts = { tftp: 69, pnp: 5060 };
const housekeepingEveryMs = 3_600_000;

export class Provisioning {
  readonly services: ProvisioningServices;
  /** For the sockets of the web. */
  readonly takeRequest: HttpFront['take'];
  readonly #options: ProvisioningOptions;
  readonly #fronts: Fronts;
  #housekeeping: Timer | undefined;
  #isOpen = false;

  static async start(options: ProvisioningOptions): Promise<Provisioning> {
    const { store, database, registrations, audit, clock, logger } = options;
    const seen = await SeenDevices.open({
      database,
      clock,
      logger,
      onChange: options.onDevicesSeen,
    });
    const served = await ServedFiles.open({ database, clock, logger });
    const history = new DeviceHistory({ database, clock, logger });
    const dectDirectory = new DectDirectory(store);
    const openings = new DectOpenings(clock);
    const directory = new DeviceDirectory({
      store,
      seen,
      registrations,
      dect: dectDirectory,
      logger,
    });
    const site = new SiteSettingsService(store);
    const catalogue = new VendorCatalogue();
    const vendors = describeVendors(catalogue);
    const redirectionTokens = new RedirectionTokens(clock);
    const temporaryTokens = new TemporaryTokens(clock, redirectionTokens);
    const devices = new DevicesService({
      store,
      directory,
      seen,
      served,
      temporaryTokens,
      history,
      audit,
      vendors,
      dect: dectDirectory,
      clock,
    });
    const groups = new DeviceGroupsService({ store, directory });
    const customFiles = new CustomFilesService({ store, directory, groups });
    const models = new DeviceModelsService({ store, catalogue });
    const templates = new DeviceTemplatesService({
      store,
      catalogue,
      onFaults: (faults) => {
        options.onProblem('templates', faults.length === 0 ? undefined : faults.join(' '));
      },
    });
    const devicesImport = new DevicesImport({ store, directory, devices, groups, audit, clock });
    const ports = { https: 443, http: 80, sip: options.sipPort };
    const address = new ServerAddress(options.listenAddresses, ports, () => site.current);
    const window = new ProvisioningWindow(clock);
    const grants = new SyncGrants(clock);
    const scans = new ScanWatch(
      clock,
      () => site.current.scanAlarmMisses,
      ({ source, misses }) => {
        const detail = `${source} asked for the files of ${String(misses)} devices that are not there or not its own`;
        logger.warn('Somebody guesses addresses of devices', { source, misses });
        options.onProblem('scan', `${detail}.`);
        void audit.record({
          action: 'provisioning-scan',
          actor: systemActor,
          isSuccess: false,
          address: source,
          detail,
        });
      },
    );
    const cached = new CachedConfiguration(store);
    const builder = new DeviceBuilder({
      store: cached,
      directory,
      seen,
      site,
      address,
      models,
      customFiles,
      dect: new DectBuilder({ store, dect: dectDirectory, openings }),
    });
    const phonebookDevices = new PhonebookDevices({ directory, address });
    const files = new DeviceFiles({
      catalogue,
      directory,
      seen,
      builder,
      models,
      templates,
      address,
      temporaryTokens,
      firmwareScope: (device, how) => firmware.offer.scopeFor(device, how),
      phonebookScope: async (device, vendor, reached) => {
        const described = phonebookDevices.describe(device, vendor, reached);
        return described === undefined ? undefined : options.phonebook.scopeOf(described);
      },
      syslogPort: () => doors.wishedSyslogPort,
    });
    const certificateAlarms = new CertificateAlarms({
      audit,
      clock,
      logger,
      onProblem: (sentence) => {
        options.onProblem('certificate-misuse', sentence);
      },
    });
    const unclear = new UnclearDevices({
      clock,
      logger,
      onProblem: (sentence) => {
        options.onProblem('unclear-devices', sentence);
      },
    });
    const newDevices = new NewDevices({ store, directory, devices, history, clock, logger });
    const requests = new FileService({
      catalogue,
      directory,
      newDevices,
      files,
      seen,
      served,
      history,
      site,
      window,
      temporaryTokens,
      grants,
      findPhonebook: async (device, { path, query, reached }) => {
        const vendor = isPhonebookPath(path) ? files.modelOf(device)?.vendor.data.id : undefined;
        const described =
          vendor === undefined ? undefined : phonebookDevices.describe(device, vendor, reached);
        return described === undefined
          ? undefined
          : options.phonebook.find(described, path, new URLSearchParams(query ?? ''));
      },
      images: {
        find: (request) => firmware.images.find(request),
        findFor: (mac, request) => firmware.images.findFor(mac, request),
      },
      scans,
      unclear,
      onCertificateMisuse: certificateAlarms.note,
      findOverride: (mac, path) => doors.findOverride(mac, path),
      clock,
      logger,
    });
    const doors: Doors = new Doors({
      store,
      catalogue,
      files: requests,
      certificateAlarms,
      redirection: {
        directory,
        devices,
        seen,
        history,
        audit,
        address,
        vendors,
        tokens: redirectionTokens,
        isExpected: (mac) => requests.isExpected(mac),
        version: options.version,
      },
      dataDirectory: options.dataDirectory,
      clock,
      listenAddresses: options.listenAddresses,
      port: options.devicePorts?.doors,
      provideCertificate: options.provideCertificate,
      logger,
      onLogLines: options.onDeviceLog,
      onProblem: options.onProblem,
    });
    const { callPlane } = options;
    const sync = new DeviceSync({
      devices,
      files,
      history,
      grants,
      audit,
      callPlane,
      registrations,
      logger,
    });
    const dect = new DectServices({
      store,
      dect: dectDirectory,
      openings,
      directory,
      seen,
      registrations,
      sync,
      audit,
      modelOf: (mac) => {
        const device = directory.find(mac);
        return device === undefined ? undefined : files.modelOf(device);
      },
      clock,
      logger,
    });
    const firmware = await Firmware.open({
      dataDirectory: options.dataDirectory,
      catalogue,
      store,
      directory,
      files,
      seen,
      site,
      address,
      sync,
      history,
      audit,
      audio: options.audio,
      callPlane,
      clock,
      logger,
      onChange: options.onFirmwareChange,
      onProblem: (sentence) => {
        options.onProblem('firmware', sentence);
      },
    });
    const dhcp = new DhcpService({
      store,
      directory,
      seen,
      address,
      leasePath: join(options.dataDirectory, 'dhcp-leases.jsonl'),
      ports: options.dhcpPorts,
      clock,
      logger,
      onProblem: (sentence) => {
        options.onProblem('dhcp', sentence);
      },
    });
    const { tftp: tftpPort, pnp: pnpPort } = options.devicePorts ?? standardPorts;
    const { listenAddresses, onProblem } = options;
    const pnp = new PnpFront({
      catalogue,
      directory,
      files: requests,
      seen,
      window,
      scans,
      site,
      address,
      listenAddresses,
      port: pnpPort,
      clock,
      logger,
      onProblem: (sentence) => {
        onProblem('pnp', sentence);
      },
    });
    const explain = new ExplainDevice({ devices, files, served, history, audit });
    const services = {
      phonebookDevices,
      catalogue,
      directory,
      seen,
      history,
      devices,
      groups,
      models,
      templates,
      customFiles,
      devicesImport,
      site,
      address,
      files,
      served,
      window,
      scans,
      sync,
      dhcp,
      pnp,
      explain,
      push: new DevicePush({
        store,
        directory,
        devices,
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
      phoneProfiles: new PhoneProfiles({
        store,
        hasher: options.hasher,
        audit,
        directory,
        files,
      }),
      phoneLogin: new PhoneLogin({
        store,
        holders: createPhoneHolders(directory, dectDirectory),
        hasher: options.hasher,
        limit: new LoginLimit({ clock, settings: () => limitSettingsOf(store.settings) }),
        audit,
        history,
        logger,
      }),
      firmware,
      doors,
      dect,
    };
    const fronts: Fronts = {
      newDevices,
      tftp: new TftpFront({
        files: requests,
        addresses: listenAddresses,
        port: tftpPort,
        clock,
        logger,
        onProblem: (sentence) => {
          onProblem('tftp', sentence);
        },
      }),
      pnp,
    };
    const provisioning = new Provisioning(options, services, requests, fronts);
    await dectDirectory.start();
    await directory.start();
    forgetDeleted(directory, dectDirectory, seen, served);
    await models.start();
    await templates.start();
    await customFiles.start();
    await site.start((settings) => {
      void provisioning.#switchFronts(settings);
    });
    services.push.start();
    provisioning.#housekeep();
    return provisioning;
  }

  private constructor(
    options: ProvisioningOptions,
    services: ProvisioningServices,
    requests: FileService,
    fronts: Fronts,
  ) {
    this.#fronts = fronts;
    this.#options = options;
    this.services = services;
    this.takeRequest = new HttpFront({
      files: requests,
      isEnabled: () => services.site.current.httpEnabled,
      uploads: () => services.doors.takeUpload,
      logger: options.logger,
    }).take;
  }

  /** The web listens: devices can be told where. Resolves when what is on is open. */
  async open(ports: { readonly httpsPort: number; readonly httpPort: number }): Promise<void> {
    const { address } = this.services;
    address.ports = { ...address.ports, https: ports.httpsPort, http: ports.httpPort };
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
    this.services.dect.close();
    models.close();
    templates.close();
    customFiles.close();
    site.close();
    this.#isOpen = false;
    await this.services.firmware.close();
    await this.services.dhcp.close();
    await this.services.doors.close();
    await Promise.all([this.#fronts.tftp.switch(false), this.#fronts.pnp.switch(false)]);
    await directory.settled();
    await seen.flush();
    await this.services.served.flush();
    await history.flush();
  }

  /** The ports that are open for devices beside those of the web; undefined where off. */
  get devicePorts(): { readonly tftp: number | undefined; readonly pnp: number | undefined } {
    return { tftp: this.#fronts.tftp.port, pnp: this.#fronts.pnp.port };
  }

  async #switchFronts({ tftpEnabled, pnpEnabled }: ProvisioningSettings): Promise<void> {
    if (this.#isOpen) {
      await Promise.all([
        this.#fronts.tftp.switch(tftpEnabled),
        this.#fronts.pnp.switch(pnpEnabled),
      ]);
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
function forgetDeleted(
  directory: DeviceDirectory,
  dect: DectDirectory,
  seen: SeenDevices,
  served: ServedFiles,
): void {
  for (const mac of new Set([...seen.macs, ...served.macs])) {
    if (directory.find(mac) === undefined && dect.findHandset(mac) === undefined) {
      seen.forget(mac);
      served.forget(mac);
    }
  }
}
