/**
 * The management plane put together: what is opened, in which order, and how it ends. It runs in a
 * worker thread that may be killed at any moment; whatever was acknowledged is on the disk by then,
 * and the next one comes up from there.
 */
import type { ManagementPlaneBus } from '../bus/ends.ts';
import { builtInAdminId } from '../configuration/entities/user.ts';
import { toErrorMessage } from '../foundation/app-error.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import { factoryPassword } from './accounts/factory-password.ts';
import { PasswordHasher } from './accounts/password-hash.ts';
import type { Api } from './api/api.ts';
import { HintHub } from './api/events/hint-hub.ts';
import type { ConfigurationStore } from './configuration-store/configuration-store.ts';
import { openConfigurationStore } from './configuration-store/open-configuration-store.ts';
import { Housekeeping } from './housekeeping.ts';
import { openApi } from './open-api.ts';
import { openDatabases, type Databases } from './open-databases.ts';
import { openServices, type Services } from './open-services.ts';
import { PlaneHealth } from './plane-health.ts';
import { Phonebooks } from './phonebooks/phonebooks.ts';
import type { DevicePorts } from './provisioning/provisioning-options.ts';
import type { Provisioning } from './provisioning/provisioning.ts';
import { AudioQuality } from './records/audio-quality.ts';
import { RevisionEffects } from './revision-effects.ts';
import { StartPhases } from './start-phases.ts';
import { startRecords } from './start-records.ts';
import { startRegistrations } from './start-registrations.ts';
import type { TlsCertificate } from './tls-certificate.ts';

export interface ManagementPlaneOptions {
  readonly bus: ManagementPlaneBus;
  readonly dataDirectory: string;
  readonly listenAddresses: readonly string[];
  /** 0 lets the system choose: for tests. */
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Of the call plane: what devices are told. */
  readonly sipPort: number;
  readonly sipTlsPort: number;
  /** Of FTP, TFTP and plug and play. */
  readonly devicePorts: DevicePorts;
  /** Of LDAP, instead of those of the settings: for tests. */
  readonly ldapPorts?: { readonly ldap: number; readonly ldaps: number } | undefined;
  /** Random per start of the daemon. */
  readonly bootId: string;
  readonly version: string;
  /** Whether this thread was started before in this run of the daemon. */
  readonly isRestart: boolean;
  /** Opens the mapped journal of finished calls. Throws when it cannot be mapped. */
  readonly openJournal: () => ArrayBufferLike;
  /** The built user interface. */
  readonly uiDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is running, for an ordered stop: ended from the last to the first. */
type Ending = () => Promise<void> | void;

export class ManagementPlane {
  readonly #options: ManagementPlaneOptions;
  readonly #phases: StartPhases;
  readonly #health: PlaneHealth;
  readonly #hints: HintHub;
  readonly #endings: Ending[] = [];
  /** While it is being read or made. */
  #certificate: Promise<TlsCertificate> | undefined;
  readonly #problems = new Map<string, string>();
  #store: ConfigurationStore | undefined;
  #services: Services | undefined;
  #api: Api | undefined;
  #phonebooks: Phonebooks | undefined;
  #provisioning: Provisioning | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ManagementPlaneOptions) {
    const { bus, clock, logger } = options;
    this.#options = options;
    this.#phases = new StartPhases(clock, logger);
    this.#hints = new HintHub(clock);
    this.#health = new PlaneHealth({
      bus,
      clock,
      problems: () => [...(this.#store?.problems ?? []), ...this.#problems.values()],
      figures: () => ({
        registrations: this.#services?.registrations.size ?? 0,
        websockets: this.#api?.eventConnections ?? 0,
        ...this.#phonebooks?.figures,
      }),
    });
  }

  /** Rejects when a database, the certificate or a port cannot be had; then nothing is left open. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      this.#health.fail(toErrorMessage(error));
      await this.close();
      throw error;
    }
  }

  /** Ordered: no new requests, then what is under way, then the files. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The ports on which devices are served beside those of the web; undefined where off. */
  get devicePorts(): Provisioning['devicePorts'] | undefined {
    return this.#provisioning?.devicePorts;
  }

  async #start(): Promise<void> {
    const hasher = new PasswordHasher();
    // The call plane waits for its configuration: that comes first.
    const store = await this.#openStore(hasher);
    this.#phases.note('configuration');
    const databases = await openDatabases(this.#options);
    this.#endings.push(() => databases.close());
    this.#phases.note('databases');
    const { bootId, clock, logger } = this.#options;
    const phonebooks = await this.#openPhonebooks(store, databases);
    const services = await openServices({
      store,
      databases,
      hasher,
      otherErasers: [phonebooks.service],
      bootId,
      clock,
      logger,
    });
    this.#services = services;
    for (const [index, problem] of databases.problems.entries()) {
      this.#problems.set(`database-${String(index)}`, problem);
    }
    await this.#startRegistrations(services);
    this.#phases.note('registrations');
    this.#startRecords(services);
    this.#watchRevisions(store, services);
    this.#phases.note('records');
    const provisioning = await this.#startProvisioning(
      store,
      services,
      databases,
      hasher,
      phonebooks,
    );
    this.#phases.note('provisioning');
    const ports = await this.#startApi(store, services, hasher, provisioning, phonebooks);
    await provisioning.open(ports);
    await phonebooks.start({
      findDevice: (mac) => provisioning.services.phonebookDevices.findLogin(mac),
      provideCertificate: () => this.#provideCertificate(),
    });
    this.#provisioning = provisioning;
    this.#phases.note('web');
    this.#health.start();
    this.#startHousekeeping(services, phonebooks);
    const admin = await store.findUser(builtInAdminId);
    this.#options.bus.emit('management.ready', {
      ...ports,
      firstLogin: admin?.document.mustChangePassword === true,
    });
    this.#phases.report();
  }

  async #openStore(hasher: PasswordHasher): Promise<ConfigurationStore> {
    const { bus, dataDirectory, clock, logger } = this.#options;
    const store = await openConfigurationStore({
      dataDirectory,
      clock,
      logger,
      hashFactoryPassword: () => hasher.hash(factoryPassword),
      activate: (buffer, revision) => bus.request('snapshot.activate', { revision, buffer }),
    });
    this.#store = store;
    this.#endings.push(() => store.close());
    return store;
  }

  async #openPhonebooks(store: ConfigurationStore, databases: Databases): Promise<Phonebooks> {
    const { bus, clock, logger } = this.#options;
    const phonebooks = await Phonebooks.open({
      database: databases.phonebooks,
      store,
      callPlane: bus,
      clock,
      logger,
      onChanged: () => {
        this.#hints.publish({ type: 'phonebooks.changed' });
      },
      listenAddresses: this.#options.listenAddresses,
      ldapPorts: this.#options.ldapPorts,
      onProblem: (sentence) => {
        this.#setProblem('ldap', sentence);
      },
    });
    this.#phonebooks = phonebooks;
    this.#endings.push(() => phonebooks.close());
    return phonebooks;
  }

  async #startRegistrations(services: Services): Promise<void> {
    const { bus, isRestart, logger } = this.#options;
    this.#endings.push(() => services.bindings.flush());
    this.#endings.push(() => services.bans.flush());
    await startRegistrations({
      bus,
      services,
      isRestart,
      onChanged: () => {
        this.#hints.publish({ type: 'registrations.changed' });
      },
      logger,
    });
  }

  #startRecords(services: Services): void {
    const { bus, clock, logger, openJournal } = this.#options;
    services.retention.start();
    this.#endings.push(() => services.retention.close());
    const drain = startRecords({
      bus,
      store: services.records,
      openJournal,
      onStored: () => {
        this.#hints.publish({ type: 'records.added' });
      },
      onProblem: (name, sentence) => {
        this.#setProblem(name, sentence);
      },
      clock,
      logger,
    });
    this.#endings.push(() => drain?.close());
  }

  #watchRevisions(store: ConfigurationStore, services: Services): void {
    const { bus, logger } = this.#options;
    const effects = new RevisionEffects({
      store,
      audit: services.audit,
      bus,
      registrations: services.registrations,
      logger,
    });
    const stopListening = store.onRevision((revision) => {
      effects.apply(revision);
      this.#hints.publish({ type: 'revision.activated', revision: revision.number });
    });
    this.#endings.push(async () => {
      stopListening();
      await effects.settled();
    });
  }

  async #startProvisioning(
    store: ConfigurationStore,
    services: Services,
    databases: Databases,
    hasher: PasswordHasher,
    phonebooks: Phonebooks,
  ): Promise<Provisioning> {
    const { bus, clock, logger, listenAddresses, sipPort, sipTlsPort } = this.#options;
    // The data of vendors are many files: loaded after the call plane has what it needs.
    const { Provisioning } = await import('./provisioning/provisioning.ts');
    const provisioning = await Provisioning.start({
      store,
      database: databases.provisioning,
      registrations: services.registrations,
      audit: services.audit,
      hasher,
      callPlane: bus,
      audio: new AudioQuality(databases.records),
      onDevicesSeen: () => {
        this.#hints.publish({ type: 'devices.changed' });
      },
      onDeviceLog: () => {
        this.#hints.publish({ type: 'device-log.added' });
      },
      onFirmwareChange: () => {
        this.#hints.publish({ type: 'firmware.changed' });
      },
      listenAddresses,
      sipPort,
      sipTlsPort,
      dataDirectory: this.#options.dataDirectory,
      devicePorts: this.#options.devicePorts,
      version: this.#options.version,
      phonebook: phonebooks.forDevices,
      provideCertificate: () => this.#provideCertificate(),
      clock,
      logger,
      onProblem: (name, sentence) => {
        this.#setProblem(`provisioning-${name}`, sentence);
      },
    });
    bus.handle('phones.change-user', async (change) => ({
      outcome: await provisioning.services.phoneLogin.change(change),
    }));
    this.#endings.push(() => provisioning.close());
    return provisioning;
  }

  /** One at a time: two that find nothing would each make an authority. */
  async #provideCertificate(): Promise<TlsCertificate> {
    const provide = async (): Promise<TlsCertificate> => {
      const { provideCertificate } = await import('./tls-certificate.ts');
      const provided = await provideCertificate(this.#options);
      const { keys, certificates } = provided;
      this.#options.bus.emit('certificates.ready', { keys, certificates });
      return provided;
    };
    this.#certificate ??= provide().finally(() => {
      this.#certificate = undefined;
    });
    return this.#certificate;
  }

  async #startApi(
    store: ConfigurationStore,
    services: Services,
    hasher: PasswordHasher,
    provisioning: Provisioning,
    phonebooks: Phonebooks,
  ): Promise<{ readonly httpsPort: number; readonly httpPort: number }> {
    const { bus, listenAddresses, httpsPort, httpPort, uiDirectory } = this.#options;
    const { version, clock, logger } = this.#options;
    const api = await openApi({
      bus,
      store,
      services,
      hasher,
      provisioning,
      phonebooks,
      version,
      healthState: () => this.#health.state,
      provideCertificate: () => this.#provideCertificate(),
      phases: this.#phases,
      hints: this.#hints,
      addresses: listenAddresses,
      httpsPort,
      httpPort,
      uiDirectory,
      clock,
      logger,
    });
    this.#api = api;
    this.#endings.push(() => api.close());
    return api.start();
  }

  #startHousekeeping({ sessions, audit }: Services, phonebooks: Phonebooks): void {
    const { clock, logger } = this.#options;
    const housekeeping = new Housekeeping({
      deletions: [
        () => sessions.deleteEnded(),
        () => audit.deleteOld(),
        () => phonebooks.deleteOldChanges(),
      ],
      clock,
      logger,
    });
    this.#endings.push(() => {
      housekeeping.close();
    });
    housekeeping.start();
  }

  #setProblem(name: string, sentence: string | undefined): void {
    if (sentence === undefined) {
      this.#problems.delete(name);
    } else {
      this.#problems.set(name, sentence);
    }
  }

  async #close(): Promise<void> {
    this.#health.close();
    for (const end of this.#endings.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        // The rest must be closed all the same.
        this.#options.logger.error('A part of the management plane did not end well', { error });
      }
    }
  }
}
