/**
 * The doors for devices beside the ports of the web, and what is behind each. All are shut at first;
 * the code behind a door is loaded when it opens for the first time.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { VendorCatalogue } from '../../../provisioning/vendors/vendor-catalogue.ts';
import type { TurnsAway } from '../../foundation/address-filter.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { TlsCertificate } from '../tls-certificate.ts';
import type { ConfigurationStore } from '../configuration-store/configuration-store.ts';
import type { ClosedDoors } from '../provisioning/doors/closed-doors.ts';
import type { FileService } from '../provisioning/doors/file-service.ts';
import type { FileContent } from '../../../provisioning/http/serve-file.ts';
import type { TakeUpload } from '../provisioning/doors/http-front.ts';
import type { Uploads } from './uploads/uploads.ts';
import type { Connect } from './connect/connect.ts';
import type { CertificateAlarms } from './certificate-alarms.ts';
import type { RedirectionOptions, RedirectionServices } from '../redirection/redirection.ts';
import type { CertificateFront } from './certificate-front.ts';
import type { DeviceLog } from './device-log/device-log.ts';
import { deviceLogFile } from './device-log/device-log-tables.ts';
import { DeviceAccessService } from './device-access-service.ts';
import { DeviceAuthoritiesService } from './device-authorities-service.ts';
import { LazyDoorsDatabase } from './open-doors-database.ts';

export interface DoorsOptions {
  readonly store: ConfigurationStore;
  readonly catalogue: VendorCatalogue;
  readonly files: FileService;
  readonly certificateAlarms: CertificateAlarms;
  /** What redirection services need beside what is here. */
  readonly redirection: Omit<
    RedirectionOptions,
    'store' | 'database' | 'clock' | 'logger' | 'onProblem'
  >;
  readonly dataDirectory: string;
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly listenAddresses: readonly string[];
  /** Instead of the ports of the settings: 0 for tests. */
  readonly port?: number | undefined;
  /** The appliance's own. */
  readonly provideCertificate: () => Promise<TlsCertificate>;
  readonly logger: Logger;
  /** Devices may store something by FTP, too. */
  readonly isOpenByFtp: () => boolean;
  /** Devices wrote to their logs. Called often. */
  readonly onLogLines: () => void;
  /** A sentence for administrators, or undefined when it is over. */
  readonly onProblem: (name: string, sentence: string | undefined) => void;
  /** Those of every kind, told by their owner. */
  readonly closedDoors: ClosedDoors;
}

export class Doors {
  readonly settings: DeviceAccessService;
  readonly authorities: DeviceAuthoritiesService;
  readonly certificateAlarms: CertificateAlarms;
  readonly closedDoors: ClosedDoors;
  readonly #options: DoorsOptions;
  #certificates: { readonly front: CertificateFront; readonly wishedPort: number } | undefined;
  readonly #database: LazyDoorsDatabase;
  #redirection: Promise<RedirectionServices> | undefined;
  #connect: Promise<Connect> | undefined;
  #uploads: Promise<Uploads> | undefined;
  #log: Promise<DeviceLog> | undefined;
  #syslogPort: number | undefined;
  #isOpen = false;
  #changing: Promise<void> = Promise.resolve();

  constructor(options: DoorsOptions) {
    this.#options = options;
    this.settings = new DeviceAccessService(options.store);
    this.authorities = new DeviceAuthoritiesService(options.store);
    this.certificateAlarms = options.certificateAlarms;
    this.closedDoors = options.closedDoors;
    this.closedDoors.addOpener({
      tryAgain: () => this.#follow(),
      settled: () => this.#changing,
    });
    this.#database = new LazyDoorsDatabase(options);
  }

  /** Opens what is on. Never rejects: what does not open is told as a problem. */
  async open(): Promise<void> {
    this.#isOpen = true;
    await this.settings.start(() => this.#follow());
    await this.#follow();
    try {
      const isThere = this.#database.exists;
      if (isThere || (await this.#isRedirectionUsed())) {
        await this.redirection();
      }
      if (isThere) {
        // What is old is deleted, also while devices may not store anything any more.
        await this.uploads();
      }
    } catch (error) {
      this.#options.logger.error('The database of the doors for devices cannot be used', { error });
      const reason = toErrorMessage(error);
      this.#options.onProblem('doors', `Redirection and uploads do not work: ${reason}.`);
    }
  }

  /** Loaded when it is asked for. */
  redirection(): Promise<RedirectionServices> {
    this.#redirection ??= this.#openRedirection();
    return this.#redirection;
  }

  /** Loaded when it is asked for. */
  connect(): Promise<Connect> {
    this.#connect ??= this.#createConnect();
    return this.#connect;
  }

  /** Loaded when it is asked for. */
  uploads(): Promise<Uploads> {
    this.#uploads ??= this.#createUploads();
    return this.#uploads;
  }

  /** Loaded when it is asked for. */
  log(): Promise<DeviceLog> {
    this.#log ??= this.#openLog();
    return this.#log;
  }

  /** Undefined while logs are not received. */
  get syslogPort(): number | undefined {
    return this.#syslogPort;
  }

  /** What devices are told: that of the settings until it is open. Undefined while logs are not wanted. */
  get wishedSyslogPort(): number | undefined {
    const { syslogEnabled, syslogPort } = this.settings.current;
    return syslogEnabled ? (this.#syslogPort ?? syslogPort) : undefined;
  }

  /** Whether devices ever wrote a log here. */
  get hasLog(): boolean {
    return this.#log !== undefined || existsSync(join(this.#options.dataDirectory, deviceLogFile));
  }

  /** Undefined while devices may not store anything. */
  get takeUpload(): TakeUpload | undefined {
    return this.#isOpen && this.settings.current.uploadsEnabled ? this.#takeUpload : undefined;
  }

  async findOverride(mac: string, path: string): Promise<FileContent | undefined> {
    return this.settings.current.uploadsEnabled || this.#options.isOpenByFtp()
      ? (await this.uploads()).findOverride(mac, path)
      : undefined;
  }

  readonly #takeUpload: TakeUpload = (request, response, target, isEncrypted) => {
    this.uploads()
      .then((uploads) => uploads.take(request, response, target, isEncrypted))
      .catch((error: unknown) => {
        this.#options.logger.error('Devices cannot store anything', { error });
        response.destroy();
      });
  };

  async close(): Promise<void> {
    this.#isOpen = false;
    this.settings.close();
    await this.#follow();
    const settled = await Promise.allSettled([
      this.#redirection,
      this.#connect,
      this.#uploads,
      this.#log,
    ]);
    const [redirection, connect, uploads, log] = settled;
    await (redirection.status === 'fulfilled' ? redirection.value?.close() : undefined);
    await (connect.status === 'fulfilled' ? connect.value?.closeAll() : undefined);
    if (uploads.status === 'fulfilled') {
      uploads.value?.close();
    }
    await (log.status === 'fulfilled' ? log.value?.close() : undefined);
    await this.#database.close();
  }

  /** Undefined while it is shut. */
  get certificatesPort(): number | undefined {
    return this.#certificates?.front.port;
  }

  #follow(): Promise<void> {
    this.#changing = this.#changing
      .then(() => this.#switchCertificates())
      .then(() => this.#switchLog())
      .then(async () => {
        if (!this.settings.current.connectEnabled) {
          await (await this.#connect)?.closeAll();
        }
      });
    return this.#changing;
  }

  /** What is old is deleted, also while nothing is received any more. */
  async #switchLog(): Promise<void> {
    const { logger, onProblem } = this.#options;
    if (!this.settings.current.syslogEnabled && !this.hasLog) {
      onProblem('syslog', undefined);
      return;
    }
    try {
      const log = await this.log();
      await log.follow(this.#isOpen);
      this.#syslogPort = log.port;
      onProblem('syslog', undefined);
    } catch (error) {
      this.#syslogPort = undefined;
      logger.error('Logs of devices cannot be received', { error });
      onProblem('syslog', `Logs of devices are not received: ${toErrorMessage(error)}.`);
    }
  }

  async #openLog(): Promise<DeviceLog> {
    const {
      redirection,
      dataDirectory,
      listenAddresses,
      port,
      onLogLines,
      turnsAway,
      clock,
      logger,
    } = this.#options;
    const { DeviceLog } = await import('./device-log/device-log.ts');
    return DeviceLog.open({
      dataDirectory,
      directory: redirection.directory,
      settings: () => this.settings.current,
      listenAddresses,
      port,
      onLines: onLogLines,
      turnsAway,
      clock,
      logger,
    });
  }

  async #createUploads(): Promise<Uploads> {
    const { redirection, dataDirectory, isOpenByFtp, clock, logger } = this.#options;
    const { Uploads } = await import('./uploads/uploads.ts');
    return new Uploads({
      database: await this.#database.open(),
      dataDirectory,
      directory: redirection.directory,
      history: redirection.history,
      settings: () => this.settings.current,
      isOpenByFtp,
      clock,
      logger,
    });
  }

  async #createConnect(): Promise<Connect> {
    const { redirection, listenAddresses, port, provideCertificate, turnsAway, clock, logger } =
      this.#options;
    const { Connect } = await import('./connect/connect.ts');
    return new Connect({
      devices: redirection.devices,
      audit: redirection.audit,
      settings: () => this.settings.current,
      listenAddresses,
      port,
      provideCertificate,
      turnsAway,
      clock,
      logger,
    });
  }

  async #isRedirectionUsed(): Promise<boolean> {
    const stored = await this.#options.store.findAll('redirection-service');
    return stored.some(({ document }) => document['enabled'] === true);
  }

  async #openRedirection(): Promise<RedirectionServices> {
    const { store, redirection, clock, logger, onProblem } = this.#options;
    const { RedirectionServices } = await import('../redirection/redirection.ts');
    return RedirectionServices.open({
      ...redirection,
      store,
      database: this.#database,
      clock,
      logger,
      onProblem: (sentence) => {
        onProblem('redirection', sentence);
      },
    });
  }

  async #switchCertificates(): Promise<void> {
    const { certificatesEnabled, certificatesPort } = this.settings.current;
    const { onProblem, logger } = this.#options;
    if (!this.#isOpen || !certificatesEnabled) {
      await this.#shutCertificates();
      onProblem('certificates', undefined);
      return;
    }
    try {
      const authorities = await this.authorities.all();
      const present = this.#certificates;
      if (present?.wishedPort === certificatesPort) {
        present.front.trust(authorities);
      } else {
        await this.#shutCertificates();
        const front = await this.#createCertificateFront(certificatesPort);
        await front.start(authorities);
        this.#certificates = { front, wishedPort: certificatesPort };
        logger.info('The port of device certificates is open', { port: front.port });
      }
      onProblem(
        'certificates',
        authorities.length === 0
          ? 'Device certificates are on, but no certificate authority is trusted yet.'
          : undefined,
      );
      // It is open, whoever is believed.
      this.closedDoors.note('certificates', undefined);
    } catch (error) {
      logger.error('The port of device certificates cannot be opened', { error });
      onProblem('certificates', `Device certificates do not work: ${toErrorMessage(error)}.`);
    }
  }

  async #createCertificateFront(port: number): Promise<CertificateFront> {
    const { files, listenAddresses, provideCertificate, turnsAway, logger } = this.#options;
    const { CertificateFront } = await import('./certificate-front.ts');
    return new CertificateFront({
      files,
      addresses: listenAddresses,
      port: this.#options.port ?? port,
      certificate: await provideCertificate(),
      turnsAway,
      logger,
    });
  }

  async #shutCertificates(): Promise<void> {
    const present = this.#certificates;
    this.#certificates = undefined;
    await present?.front.close();
  }
}
