/**
 * The log of devices: receives syslog while the door is open, finds out which device wrote a line, and
 * keeps it for a while. What no device is known for is counted, so that the administrator sees it.
 */
import { join } from 'node:path';
import { attributeMessage } from '../../../../provisioning/syslog/attribute-message.ts';
import {
  syslogSeverities,
  type SyslogMessage,
} from '../../../../provisioning/syslog/syslog-message.ts';
import { SyslogError } from '../../../../provisioning/syslog/syslog-error.ts';
import { SyslogServer } from '../../../../provisioning/syslog/syslog-server.ts';
import type { DeviceAccess } from '../../../configuration/entities/device-access.ts';
import type { TurnsAway } from '../../../foundation/address-filter.ts';
import type { Clock, Timer } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { isPrivateAddress } from '../../../foundation/private-network.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
import type { Page } from '../../configuration-store/configuration-store.ts';
import { WriteBehind } from '../../storage/write-behind.ts';
import type { DeviceDirectory } from '../../provisioning/directory/device-directory.ts';
import { openDatabase } from '../../storage/database.ts';
import { deviceLogMigrations } from '../../storage/migrations/device-log/device-log-migrations.ts';
import { DeviceAddresses } from './device-addresses.ts';
import { DeviceLogStore, type LogFilter, type StoredLogLine } from './device-log-store.ts';
import {
  deviceLogFile,
  type DeviceLogDatabase,
  type DeviceLogTables,
  type LogLineRow,
} from './device-log-tables.ts';

export interface DeviceLogOptions {
  readonly dataDirectory: string;
  readonly directory: Pick<DeviceDirectory, 'all' | 'find' | 'show'>;
  readonly settings: () => DeviceAccess;
  readonly listenAddresses: readonly string[];
  /** Instead of that of the settings: 0 for tests. */
  readonly port: number | undefined;
  /** Lines of devices were stored. */
  readonly onLines: () => void;
  readonly turnsAway: TurnsAway;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Somebody writes here for whom there is no device. */
export interface UnknownSender {
  readonly address: string;
  readonly lines: number;
  readonly lastAtMs: number;
}

interface WaitingMessage {
  readonly source: string;
  readonly atMs: number;
  readonly message: SyslogMessage;
}

/** Only root may open 514; a daemon without that right takes this one, and tells phones so. */
const portWithoutRights = 5_514;
const firstFreePort = 1_024;
/** Until the next writing; beyond, lines are dropped and counted. */
const maximumWaiting = 20_000;
const maximumUnknown = 20;
const maximumDropping = 1_000;
const allBytes = 500_000_000;
const dayMs = 86_400_000;
const sweepEveryMs = 3_600_000;
/** How old the knowledge may be of which address belongs to whom; for lines of nobody it is looked up anew. */
const knownMs = 15_000;
const unknownMs = 5_000;
const ownApp = 'campanile';

export class DeviceLog {
  readonly #options: DeviceLogOptions;
  readonly #database: DeviceLogDatabase;
  readonly #store: DeviceLogStore;
  readonly #addresses: DeviceAddresses;
  readonly #writer: WriteBehind;
  readonly #unknown = new Map<string, UnknownSender>();
  /** How many lines of a source were dropped since the last writing. */
  readonly #dropped = new Map<string, number>();
  #waiting: WaitingMessage[] = [];
  #server: { readonly server: SyslogServer; readonly wishedPort: number; port: number } | undefined;
  #sweeping: Timer | undefined;

  /** Rejects with StorageError. */
  static async open(options: DeviceLogOptions): Promise<DeviceLog> {
    const { dataDirectory, clock, logger } = options;
    const database = await openDatabase<DeviceLogTables>({
      path: join(dataDirectory, deviceLogFile),
      migrations: deviceLogMigrations,
      // Hundreds of megabytes that nobody's calls hang on.
      check: 'head',
      clock,
      logger,
    });
    const store = await DeviceLogStore.open(database, clock);
    return new DeviceLog(options, database, store);
  }

  private constructor(
    options: DeviceLogOptions,
    database: DeviceLogDatabase,
    store: DeviceLogStore,
  ) {
    const { directory, clock, logger } = options;
    this.#options = options;
    this.#database = database;
    this.#store = store;
    this.#addresses = new DeviceAddresses({ directory, clock });
    const name = 'The log of devices';
    this.#writer = new WriteBehind({ clock, logger, name, write: () => this.#write() });
    this.#sweep();
  }

  /** Undefined while nothing is received. */
  get port(): number | undefined {
    return this.#server?.port;
  }

  /** The latest first. */
  get unknownSenders(): readonly UnknownSender[] {
    return [...this.#unknown.values()].reverse();
  }

  /** Opens or shuts the port as the settings say. Rejects with SyslogError. */
  async follow(isOpen: boolean): Promise<void> {
    const { syslogEnabled, syslogPort } = this.#options.settings();
    const isWanted = isOpen && syslogEnabled;
    if (isWanted && this.#server?.wishedPort === syslogPort) {
      return;
    }
    const present = this.#server;
    this.#server = undefined;
    await present?.server.close();
    if (isWanted) {
      const { turnsAway, clock, logger } = this.#options;
      const server = new SyslogServer({
        turnsAway,
        clock,
        logger,
        onMessage: (source, message) => {
          this.#receive(toPlainAddress(source), message);
        },
        onDropped: (source) => {
          this.#noteDropped(toPlainAddress(source));
        },
      });
      const port = await this.#listen(server, syslogPort);
      this.#server = { server, wishedPort: syslogPort, port };
      logger.info('The receiver of syslog runs', { port });
    }
  }

  async close(): Promise<void> {
    this.#sweeping?.cancel();
    await this.follow(false);
    await this.#writer.flush();
    await this.#database.close();
  }

  /** Newest first, with what came up to now. */
  async list(
    filter: LogFilter,
    page: { readonly page: number; readonly pageSize: number },
  ): Promise<Page<StoredLogLine>> {
    await this.#writer.flush();
    return this.#store.list(filter, page);
  }

  /** Oldest first. */
  iterate(filter: LogFilter): AsyncGenerator<StoredLogLine> {
    return this.#store.iterate(filter);
  }

  async clear(mac: string): Promise<void> {
    await this.#writer.flush();
    await this.#store.clear(mac);
  }

  async #listen(server: SyslogServer, wishedPort: number): Promise<number> {
    const { listenAddresses, port } = this.#options;
    const listenAll = async (chosen: number): Promise<number> => {
      let listening = chosen;
      for (const address of listenAddresses) {
        listening = await server.listen(address, listening);
      }
      return listening;
    };
    try {
      return await listenAll(port ?? wishedPort);
    } catch (error) {
      await server.close();
      const isForbidden = error instanceof SyslogError && error.code === 'not-permitted';
      if (!isForbidden || wishedPort >= firstFreePort) {
        throw error;
      }
      return listenAll(portWithoutRights);
    }
  }

  #receive(source: string, message: SyslogMessage): void {
    if (message.text === '') {
      return;
    }
    if (this.#waiting.length >= maximumWaiting) {
      this.#noteDropped(source);
      return;
    }
    this.#waiting.push({ source, atMs: this.#options.clock.wallMs(), message });
    this.#writer.note();
  }

  #noteDropped(source: string): void {
    const count = this.#dropped.get(source);
    if (count !== undefined || this.#dropped.size < maximumDropping) {
      this.#dropped.set(source, (count ?? 0) + 1);
      this.#writer.note();
    }
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    const dropped = [...this.#dropped];
    this.#waiting = [];
    this.#dropped.clear();
    if (waiting.length === 0 && dropped.length === 0) {
      return;
    }
    let addresses = await this.#addresses.look(knownMs);
    const owners = waiting.map((line) => this.#ownerOf(line, addresses));
    if (owners.includes(undefined)) {
      addresses = await this.#addresses.look(unknownMs);
    }
    const rows: Omit<LogLineRow, 'id' | 'size_bytes'>[] = [];
    for (const [index, line] of waiting.entries()) {
      const mac = owners[index] ?? this.#ownerOf(line, addresses);
      if (mac === undefined) {
        this.#noteUnknown(line);
      } else {
        rows.push(toRow(mac, line));
      }
    }
    const atMs = this.#options.clock.wallMs();
    for (const [source, count] of dropped) {
      const [mac, ...others] = addresses.get(source) ?? [];
      if (mac !== undefined && others.length === 0) {
        const text = `${String(count)} messages were dropped: they came too fast.`;
        const message = { ...noMessage, severity: 'warning' as const, app: ownApp, text };
        rows.push(toRow(mac, { source, atMs, message }));
      }
    }
    if (rows.length > 0) {
      const perDeviceBytes = this.#options.settings().syslogPerDeviceMb * 1_000_000;
      await this.#store.add(rows, { perDeviceBytes, allBytes });
      this.#options.onLines();
    }
  }

  #ownerOf(
    { source, message }: WaitingMessage,
    addresses: ReadonlyMap<string, readonly string[]>,
  ): string | undefined {
    const { directory } = this.#options;
    return attributeMessage(
      message,
      { macs: addresses.get(source) ?? [], isNear: isPrivateAddress(source) },
      (mac) => directory.find(mac) !== undefined,
    );
  }

  #noteUnknown({ source, atMs }: WaitingMessage): void {
    const lines = (this.#unknown.get(source)?.lines ?? 0) + 1;
    this.#unknown.delete(source);
    this.#unknown.set(source, { address: source, lines, lastAtMs: atMs });
    const [oldest] = this.#unknown.keys();
    if (this.#unknown.size > maximumUnknown && oldest !== undefined) {
      this.#unknown.delete(oldest);
    }
  }

  #sweep(): void {
    const { directory, settings, clock, logger } = this.#options;
    this.#store
      .sweep(settings().syslogKeepDays * dayMs, (mac) => directory.find(mac) !== undefined)
      .catch((error: unknown) => {
        logger.error('Old lines of devices could not be deleted', { error });
      });
    this.#sweeping = clock.schedule(sweepEveryMs, () => {
      this.#sweep();
    });
  }
}

const noMessage = { facility: 5, stamp: '', host: '' };

function toRow(
  mac: string,
  { atMs, message }: WaitingMessage,
): Omit<LogLineRow, 'id' | 'size_bytes'> {
  const { facility, severity, stamp, host, app, text } = message;
  const number = syslogSeverities.indexOf(severity);
  return { mac, at_ms: atMs, severity: number, facility, stamp, host, app, text };
}
