/** The DHCP server under the configuration: starts with the first interface that is on. */
import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { InterfaceStatus } from '../../../../provisioning/dhcp/dhcp-events.ts';
import type { LeaseView } from '../../../../provisioning/dhcp/leases/lease.ts';
import { formatSubnet, parseIpv4, toMask } from '../../../../provisioning/ipv4.ts';
import {
  findClosedDoors,
  findSentAstray,
  type ClosedDoor,
  type OpenDoors,
} from '../../../../provisioning/dhcp/options/open-doors.ts';
import { phoneOptionRules } from '../../../../provisioning/dhcp/options/phone-options.ts';
import type { DhcpServer, SubnetUsage } from '../../../../provisioning/dhcp/server.ts';
import { dhcpEntity, dhcpId, type Dhcp } from '../../../configuration/entities/dhcp.ts';
import { toErrorMessage } from '../../../foundation/app-error.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import type { Actor } from '../../actor.ts';
import type { ConfigurationStore, Stored } from '../../configuration-store/configuration-store.ts';
import type { DhcpChanges } from '../../configuration-store/operation.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { RejectedDirectory } from '../directory/rejected-directory.ts';
import type { RecordChangeOptions } from '../../change-options.ts';
import { toDhcpSettings } from '../../provisioning-values/dhcp-settings.ts';
import type { SiteSettingsService } from '../shared-settings/site-settings-service.ts';
import type { SeenDevices } from '../device-state/seen-devices.ts';
import type { ServerAddress } from '../access/server-address.ts';

export interface DhcpServiceOptions {
  readonly store: ConfigurationStore;
  readonly directory: Pick<DeviceDirectory, 'find'>;
  readonly rejected: Pick<RejectedDirectory, 'refuses'>;
  readonly seen: SeenDevices;
  readonly address: ServerAddress;
  readonly site: Pick<SiteSettingsService, 'current'>;
  /** File of the leases. */
  readonly leasePath: string;
  /** Others than 67 and 68 for tests. */
  readonly ports?: { readonly server: number; readonly client: number } | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onProblem: (sentence: string | undefined) => void;
}

export interface SystemInterface {
  readonly name: string;
  readonly address: string;
  readonly subnet: string;
}

const unwritten: Stored<Dhcp> = { id: dhcpId, document: dhcpEntity.fromStored({}), version: 0 };

export class DhcpService {
  readonly #options: DhcpServiceOptions;
  #stored = unwritten;
  #server: DhcpServer | undefined;
  #changing: Promise<void> = Promise.resolve();
  #stop: (() => void) | undefined;
  #isClosed = false;
  /** Families of phones with an address that can only be sent to TFTP, which is off. */
  readonly #astray = new Set<string>();
  /** The problem that was told last. */
  #told: string | undefined;

  constructor(options: DhcpServiceOptions) {
    this.#options = options;
  }

  get stored(): Stored<Dhcp> {
    return this.#stored;
  }

  /** Starts what is on. Never rejects: what does not work is told as a problem. */
  async start(): Promise<void> {
    await this.#follow();
    this.#stop = this.#options.store.onRevision((revision) => {
      const isAll = revision.operationCount > revision.operations.length;
      if (isAll || revision.operations.some(({ entity }) => entity === 'dhcp')) {
        void this.#follow();
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop?.();
    await this.#changing;
    await this.#server?.close();
    this.#server = undefined;
  }

  /** Rejects with ConfigurationError as the store's `commit` does. */
  async change(
    actor: Actor,
    after: DhcpChanges,
    options: RecordChangeOptions = {},
  ): Promise<Stored<Dhcp>> {
    const { reason = '', confirmWithinSec, ifVersion } = options;
    await this.#options.store.commit({
      author: actor,
      reason,
      confirmWithinSec,
      operations: [{ kind: 'update', entity: 'dhcp', id: dhcpId, after, ifVersion }],
    });
    await this.#changing;
    return this.#stored;
  }

  /** Interfaces of the machine with their first IPv4 address and its subnet (`10.0.0.0/24`). */
  systemInterfaces(): readonly SystemInterface[] {
    return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => {
      const own = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
      const prefixLength = Number(own?.cidr?.split('/')[1] ?? NaN);
      const address = parseIpv4(own?.address ?? '');
      if (own === undefined || address === undefined || Number.isNaN(prefixLength)) {
        return [];
      }
      const network = (address & toMask(prefixLength)) >>> 0;
      return [{ name, address: own.address, subnet: formatSubnet({ network, prefixLength }) }];
    });
  }

  states(): readonly InterfaceStatus[] {
    return this.#server?.states() ?? [];
  }

  usage(): readonly SubnetUsage[] {
    return this.#server?.usage() ?? [];
  }

  leases(): readonly LeaseView[] {
    return this.#server?.leases() ?? [];
  }

  /** Afterwards the address has no lease. Rejects when that cannot be stored. */
  async forgetLease(address: string): Promise<void> {
    await this.#server?.forgetLease(address);
  }

  /** By which phones may be told to fetch their files. */
  get doors(): OpenDoors {
    const { httpEnabled, tftpEnabled, ftpEnabled, ftpInDhcp } = this.#options.site.current;
    return {
      http: httpEnabled,
      tftp: tftpEnabled,
      ftp: ftpEnabled,
      isFtpPreferred: ftpEnabled && ftpInDhcp,
    };
  }

  /** Doors that are off, with the phones that are sent there all the same. */
  closedDoors(): readonly ClosedDoor[] {
    return findClosedDoors(this.doors);
  }

  /** What phones are told changed: the server follows, if it runs. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#server !== undefined) {
      await this.#follow();
    }
  }

  #follow(): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      try {
        await this.#apply();
      } catch (error) {
        this.#options.logger.error('The DHCP server could not be set up', { error });
        this.#options.onProblem(`DHCP does not work: ${toErrorMessage(error)}.`);
      }
    });
    return this.#changing;
  }

  async #apply(): Promise<void> {
    const { store, address } = this.#options;
    const stored = await store.find('dhcp', dhcpId);
    this.#stored = (stored as Stored<Dhcp> | undefined) ?? unwritten;
    const { document } = this.#stored;
    const isOn = document.interfaces.some(({ isEnabled }) => isEnabled);
    if (this.#isClosed) {
      return;
    }
    if (!isOn) {
      await this.#server?.close();
      this.#server = undefined;
      this.#astray.clear();
      this.#tell([]);
      return;
    }
    const settings = toDhcpSettings(document, {
      urlFor: (own) => address.httpUrl(undefined, own),
      ftpUrlFor: (own) => address.ftpUrl(own),
      doors: this.doors,
    });
    if (this.#server === undefined) {
      const server = await this.#createServer();
      await server.start(settings);
      this.#server = server;
    } else {
      await this.#server.configure(settings);
    }
    this.#findAstray();
    this.#tellProblems();
  }

  /** Loads the server's code too: most sites have another DHCP server. */
  async #createServer(): Promise<DhcpServer> {
    const { directory, rejected, seen, clock, logger, leasePath, ports } = this.#options;
    const [{ DhcpServer }, { LeaseJournal }] = await Promise.all([
      import('../../../../provisioning/dhcp/server.ts'),
      import('../../../../provisioning/dhcp/leases/lease-journal.ts'),
    ]);
    const server = new DhcpServer({
      store: new LeaseJournal(leasePath),
      directory: {
        describe: ({ mac }) => {
          const model = seen.find(mac).model ?? directory.find(mac)?.document.model;
          return model === undefined ? undefined : { model };
        },
        refuses: (mac) => rejected.refuses(mac),
      },
      phoneRules: phoneOptionRules,
      clock,
      logger,
      random: randomBytes,
      ...(ports === undefined ? {} : { ports }),
    });
    server.events.on('stateChanged', () => {
      this.#tellProblems();
    });
    server.events.on('leaseChanged', ({ mac, address, state, vendorClass }) => {
      if (state === 'bound') {
        this.#noteAstray(vendorClass);
      }
      // Only of devices of the list: the address book of everybody else is none of our business.
      if (state === 'bound' && directory.find(mac) !== undefined) {
        seen.change(mac, { address });
      }
    });
    return server;
  }

  /** Which phones that have an address were sent to a door that is off. */
  #findAstray(): void {
    this.#astray.clear();
    for (const { state, vendorClass } of this.leases()) {
      if (state === 'bound') {
        this.#noteAstray(vendorClass);
      }
    }
  }

  #noteAstray(vendorClass: string | undefined): void {
    for (const closed of this.closedDoors()) {
      const family = findSentAstray(closed, vendorClass);
      if (family !== undefined && closed.door === 'tftp' && !this.#astray.has(family)) {
        this.#astray.add(family);
        this.#tellProblems();
      }
    }
  }

  #tellProblems(): void {
    const sentences = this.states()
      .filter(({ detail }) => detail !== '')
      .map(({ interfaceName, detail }) => `DHCP on ${interfaceName}: ${detail}`);
    if (this.closedDoors().some(({ door }) => door === 'http')) {
      sentences.push('DHCP sends phones here to fetch their files by HTTP, which is off.');
    }
    for (const family of this.#astray) {
      sentences.push(`DHCP sends phones of the family ${family} here by TFTP, which is off.`);
    }
    this.#tell(sentences);
  }

  #tell(sentences: readonly string[]): void {
    const problem = sentences.length === 0 ? undefined : sentences.join('\n');
    if (problem !== this.#told && problem !== undefined) {
      this.#options.logger.warn('The DHCP server has a problem', { problem });
    }
    this.#told = problem;
    this.#options.onProblem(problem);
  }
}
