/**
 * Redirection services: accounts, what is registered where, and the portal's list of devices. Loaded when
 * a service is on, when something is still registered, or when an administrator looks.
 */
import { randomBytes } from 'node:crypto';
import type { Connector } from '../../../provisioning/redirection/connector.ts';
import { RedirectionError } from '../../../provisioning/redirection/redirection-error.ts';
import { redirectionServices } from '../../../provisioning/redirection/services.ts';
import type { Device } from '../../configuration/entities/device.ts';
import type {
  RedirectionService,
  RedirectionServiceName,
} from '../../configuration/entities/redirection-service.ts';
import { toErrorMessage } from '../../foundation/app-error.ts';
import type { Clock, Timer } from '../../foundation/clock.ts';
import type { Logger } from '../../foundation/logger.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Actor } from '../actor.ts';
import type { ConfigurationStore, Stored } from '../configuration-store/configuration-store.ts';
import type { RevisionSummary } from '../configuration-store/revision.ts';
import type { LazyDoorsDatabase } from '../device-access/open-doors-database.ts';
import type { DeviceDirectory } from '../provisioning/directory/device-directory.ts';
import type { DeviceHistory } from '../provisioning/device-state/device-history.ts';
import { DevicesError } from '../provisioning/devices/devices-error.ts';
import type { VendorCatalog } from '../provisioning/devices/device-checks.ts';
import type { DevicesService } from '../provisioning/devices/devices-service.ts';
import type { ChangeOptions, RecordChangeOptions } from '../change-options.ts';
import type { SeenDevices } from '../provisioning/device-state/seen-devices.ts';
import type { ServerAddress } from '../provisioning/access/server-address.ts';
import { createHttpsExchange } from './https-exchange.ts';
import { RedirectionQueue } from './redirection-queue.ts';
import { RedirectionSettings, type RedirectionInput } from './redirection-settings.ts';
import { RedirectionStore, type Redirection, type RedirectionWish } from './redirection-store.ts';
import type { RedirectionTokens } from './redirection-tokens.ts';

export interface RedirectionOptions {
  readonly store: ConfigurationStore;
  readonly database: LazyDoorsDatabase;
  readonly directory: DeviceDirectory;
  readonly devices: DevicesService;
  readonly seen: SeenDevices;
  readonly history: DeviceHistory;
  readonly audit: AuditLog;
  readonly address: ServerAddress;
  readonly vendors: Pick<VendorCatalog, 'findModel'>;
  readonly tokens: RedirectionTokens;
  /** Whether the device may make its first contact now. */
  readonly isExpected: (mac: string) => boolean;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onProblem: (sentence: string | undefined) => void;
}

const gatherMs = 500;

export interface PortalSync {
  /** Devices that the portal assigned to this PBX. */
  readonly assigned: number;
  /** Those of them that were not in the list. */
  readonly added: readonly string[];
}

export class RedirectionServices {
  readonly settings: RedirectionSettings;
  readonly #options: RedirectionOptions;
  readonly #rows: RedirectionStore;
  readonly #queue: RedirectionQueue;
  readonly #ending = new AbortController();
  /** Sessions at services, as long as the account stays the same. */
  readonly #connectors = new Map<
    RedirectionServiceName,
    { readonly version: number; readonly connector: Connector }
  >();
  readonly #stop: () => void;
  #gathering: Timer | undefined;
  #following: Promise<void> = Promise.resolve();

  static async open(options: RedirectionOptions): Promise<RedirectionServices> {
    const rows = new RedirectionStore(await options.database.open());
    const services = new RedirectionServices(options, rows);
    await services.settings.load();
    for (const { service, mac, tokenHash, tokenUntilMs } of await rows.all({})) {
      if (tokenHash !== undefined && tokenUntilMs !== undefined) {
        options.tokens.add(mac, service, tokenHash, tokenUntilMs);
      }
    }
    await services.#bringUpToDate();
    return services;
  }

  private constructor(options: RedirectionOptions, rows: RedirectionStore) {
    this.#options = options;
    this.#rows = rows;
    const { store, tokens, address, history, isExpected, clock, logger, onProblem } = options;
    this.settings = new RedirectionSettings(store);
    this.#queue = new RedirectionQueue({
      store: rows,
      settings: this.settings,
      tokens,
      address,
      history,
      connect: (service) => this.#connect(service),
      isExpected: (mac) => options.directory.find(mac) !== undefined && isExpected(mac),
      clock,
      logger,
      onProblem,
    });
    tokens.onRevoke = (mac) => {
      rows.forgetToken(mac).catch((error: unknown) => {
        logger.error('The address of a device at a service could not be forgotten', { mac, error });
      });
    };
    this.#stop = store.onRevision((revision) => {
      this.#following = this.#following
        .then(() => this.#follow(revision))
        .catch((error: unknown) => {
          logger.error('Redirection services could not follow the configuration', { error });
        });
    });
  }

  async close(): Promise<void> {
    this.#stop();
    this.#gathering?.cancel();
    this.#options.tokens.onRevoke = undefined;
    this.#ending.abort();
    await this.#following;
    await this.#queue.close();
  }

  /** Resolves when the last revision is followed. */
  settled(): Promise<void> {
    return this.#following;
  }

  async change(
    actor: Actor,
    service: RedirectionServiceName,
    input: RedirectionInput,
    options: RecordChangeOptions = {},
  ): Promise<Stored<RedirectionService>> {
    const stored = await this.settings.change(actor, service, input, options);
    await this.#following;
    return stored;
  }

  /** One sentence. Rejects with DevicesError `conflict`, which says what the service said. */
  async test(service: RedirectionServiceName): Promise<string> {
    try {
      return await this.#connect(service).test();
    } catch (error) {
      if (error instanceof RedirectionError) {
        throw new DevicesError('conflict', error.message);
      }
      throw error;
    }
  }

  list(filter: {
    readonly service?: RedirectionServiceName | undefined;
    readonly mac?: string | undefined;
  }): Promise<readonly Redirection[]> {
    return this.#rows.all(filter);
  }

  /** Puts it into the queue. Rejects with DevicesError when the service is off or a device unknown. */
  async ask(
    actor: Actor,
    service: RedirectionServiceName,
    wish: RedirectionWish,
    macs: readonly string[],
    options: {
      readonly serials?: Readonly<Record<string, string>> | undefined;
      readonly address?: string | undefined;
    } = {},
  ): Promise<readonly Redirection[]> {
    const { description } = redirectionServices[service];
    if (!this.settings.of(service).document.enabled) {
      throw new DevicesError('conflict', `${description.name} is not turned on.`);
    }
    for (const mac of wish === 'registered' ? macs : []) {
      this.#options.devices.require(mac);
    }
    await this.#enqueue(service, wish, macs, options.serials);
    await this.#options.audit.record({
      action: wish === 'registered' ? 'redirection-asked' : 'redirection-removed',
      actor,
      ...(options.address === undefined ? {} : { address: options.address }),
      detail: `${description.name}: ${macs.join(', ')}`,
    });
    this.#queue.wake();
    return [...(await this.#rows.find(service, macs)).values()];
  }

  /** "Sync from WMP": the devices of the portal's list that are not here are added. */
  async syncPortal(actor: Actor, options: ChangeOptions): Promise<PortalSync> {
    if (!this.settings.of('portal').document.enabled) {
      throw new DevicesError('conflict', 'The portal is not turned on.');
    }
    const { store, devices, directory, history, vendors } = this.#options;
    const assigned = await this.#listAssigned();
    const missing = assigned.filter(({ mac }) => directory.find(mac) === undefined);
    const unique = [...new Map(missing.map((device) => [device.mac, device])).values()];
    if (unique.length > 0) {
      const added = unique.map(({ mac }) => mac);
      const operations = devices.planCreation(
        unique.map(({ mac, vendor, model, comment }) => {
          const known = vendors.findModel(vendor ?? '', model ?? '');
          const kind = known === undefined ? {} : { vendor, model: known };
          return { mac, input: { ...kind, ...(comment === undefined ? {} : { comment }) } };
        }),
      );
      const { reason = 'Devices that the portal assigned', confirmWithinSec } = options;
      await devices.announce(added, () =>
        store.commit({ author: actor, reason, confirmWithinSec, operations }),
      );
      await directory.settled();
      for (const mac of added) {
        history.add({
          mac,
          kind: 'discovered',
          address: '',
          notes: [{ code: 'portal-assigned', facts: {} }],
        });
      }
    }
    // The portal passes the address on to the vendor's own service.
    await this.#enqueue(
      'portal',
      'registered',
      assigned.map(({ mac }) => mac).filter((mac) => this.#options.isExpected(mac)),
    );
    this.#queue.wake();
    return { assigned: assigned.length, added: unique.map(({ mac }) => mac) };
  }

  async #listAssigned() {
    try {
      return (await this.#connect('portal').listAssigned?.()) ?? [];
    } catch (error) {
      throw new DevicesError('conflict', toErrorMessage(error));
    }
  }

  async #enqueue(
    service: RedirectionServiceName,
    wish: RedirectionWish,
    macs: readonly string[],
    serials: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const present = await this.#rows.find(service, macs);
    const nowMs = this.#options.clock.wallMs();
    await this.#rows.put(
      [...new Set(macs)].map((mac) => {
        const before = present.get(mac);
        return {
          service,
          mac,
          wish,
          state: 'waiting',
          serial: serials[mac] ?? before?.serial,
          error: undefined,
          attempts: 0,
          nextAtMs: nowMs,
          changedAtMs: nowMs,
          tokenHash: before?.tokenHash,
          tokenUntilMs: before?.tokenUntilMs,
        };
      }),
    );
  }

  #connect(service: RedirectionServiceName): Connector {
    const { version, document } = this.settings.of(service);
    const present = this.#connectors.get(service);
    if (present?.version === version) {
      return present.connector;
    }
    const connector = redirectionServices[service].create({
      account: this.settings.accountOf(service),
      exchange: createHttpsExchange({
        version: this.#options.version,
        authority: document.authority,
        signal: this.#ending.signal,
      }),
      wallMs: () => this.#options.clock.wallMs(),
      nonce: () => randomBytes(16).toString('hex'),
    });
    this.#connectors.set(service, { version, connector });
    return connector;
  }

  async #follow(revision: RevisionSummary): Promise<void> {
    const isAll = revision.operationCount > revision.operations.length;
    const kinds = new Set<string>(revision.operations.map(({ entity }) => entity));
    if (isAll || kinds.has('redirection-service')) {
      await this.settings.load();
      for (const { entity, id } of revision.operations) {
        if (entity === 'redirection-service') {
          await this.#tryAgain(id as RedirectionServiceName);
        }
      }
      this.#queue.wake();
    }
    if (isAll || kinds.has('redirection-service') || kinds.has('device')) {
      this.#gather();
    }
  }

  /** Many changes come one after the other. */
  #gather(): void {
    this.#gathering ??= this.#options.clock.schedule(gatherMs, () => {
      this.#gathering = undefined;
      this.#following = this.#following
        .then(() => this.#options.directory.settled())
        .then(() => this.#bringUpToDate())
        .catch((error: unknown) => {
          this.#options.logger.error('Redirection services could not follow the devices', {
            error,
          });
        });
    });
  }

  /** The account is another one: what failed may succeed now. */
  async #tryAgain(service: RedirectionServiceName): Promise<void> {
    this.#queue.forgive(service);
    const nowMs = this.#options.clock.wallMs();
    const rows = await this.#rows.all({ service });
    await this.#rows.put(
      rows
        .filter(({ state }) => state === 'failed' || state === 'waiting')
        .map((row) => ({ ...row, state: 'waiting', attempts: 0, nextAtMs: nowMs })),
    );
  }

  /** Deleted devices are taken out of the services; new ones are put in where that goes by itself. */
  async #bringUpToDate(): Promise<void> {
    const { directory, isExpected } = this.#options;
    const rows = await this.#rows.all({});
    for (const { id, document } of this.settings.all()) {
      const service = id as RedirectionServiceName;
      const own = rows.filter((row) => row.service === service);
      const gone = own.filter(
        ({ mac, wish }) => wish === 'registered' && directory.find(mac) === undefined,
      );
      await this.#enqueue(
        service,
        'removed',
        gone.map(({ mac }) => mac),
      );
      if (document.enabled && document.automatic) {
        const known = new Set(own.map(({ mac }) => mac));
        const { vendor } = redirectionServices[service].description;
        const fresh = [...directory.all()].filter(
          (device) => !known.has(device.id) && isExpected(device.id) && this.#isOf(device, vendor),
        );
        await this.#enqueue(
          service,
          'registered',
          fresh.map(({ id: mac }) => mac),
        );
      }
    }
    this.#queue.wake();
  }

  #isOf({ id, document }: Stored<Device>, vendor: string | undefined): boolean {
    return (
      vendor === undefined || (document.vendor ?? this.#options.seen.find(id).vendor) === vendor
    );
  }
}
