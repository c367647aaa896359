/**
 * The whole management plane on a temporary data directory, over a real bus with a call plane that
 * a test plays: it answers every request of the contract and remembers what it was asked.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type {
  SourceBan,
  ActiveCall,
  BindingRecord,
  PartHealth,
} from '../../../system/bus/contract.ts';
import {
  type CallPlaneBus,
  createCallPlaneBus,
  createManagementPlaneBus,
} from '../../../system/bus/ends.ts';
import { CallerNames } from '../../../system/caller-names/caller-name-table.ts';
import { Snapshot } from '../../../system/configuration/snapshot/snapshot.ts';
import { systemClock, type Clock } from '../../../system/foundation/clock.ts';
import type { CallRef, LegRef, UserId } from '../../../system/foundation/ids.ts';
import { type Logger, silentLogger } from '../../../system/foundation/logger.ts';
import { ManagementPlane } from '../../../system/management-plane/management-plane.ts';
import { RecordJournalWriter } from '../../../system/records/record-journal-writer.ts';
import { journalFileBytes } from '../../../system/records/record-journal.ts';

export interface TestManagementPlaneOptions {
  /** Keeps what another one left there. */
  readonly dataDirectory?: string;
  readonly bootId?: string;
  readonly isRestart?: boolean;
  readonly logger?: Logger;
  /** Any, each unless a test wants one that is taken. */
  readonly tftpPort?: number;
  /** The system's own unless a test wants time to jump. */
  readonly clock?: Clock;
}

const journalCapacityBytes = 65_536;

/** The call plane's side, as far as the contract says. */
export class PlayedCallPlane {
  readonly bus: CallPlaneBus;
  readonly revisions: number[] = [];
  /** The configuration in force. */
  snapshot: Snapshot | undefined;
  readonly restored: BindingRecord[] = [];
  readonly unregistered: string[] = [];
  callerNames: CallerNames | undefined;
  bindings: BindingRecord[] = [];
  calls: ActiveCall[] = [];
  bans: SourceBan[] = [];
  /** Events of NOTIFYs that were asked for, by contact. */
  readonly notified: string[] = [];
  parts: PartHealth[] = [];

  constructor(bus: CallPlaneBus) {
    this.bus = bus;
    this.parts = [exampleManagementPart];
    bus.handle('snapshot.activate', ({ revision, buffer }) => {
      this.snapshot = new Snapshot(buffer);
      this.revisions.push(revision);
      return { swapMs: 0 };
    });
    bus.handle('caller-names.activate', ({ buffer }) => {
      this.callerNames = buffer === undefined ? undefined : new CallerNames(buffer);
      return {};
    });
    bus.handle('bindings.restore', ({ bindings }) => {
      this.restored.push(...bindings);
      return { restored: bindings.length };
    });
    bus.handle('bindings.list', ({ offset, limit }) => ({
      bindings: this.bindings.slice(offset, offset + limit),
      total: this.bindings.length,
    }));
    bus.handle('bindings.remove', ({ userIds, ownAccountsOf, devices, lines }) => {
      const ended = [...userIds, ...ownAccountsOf, ...devices];
      ended.push(...lines.map(({ device, userId }) => `${device} ${userId}`));
      this.unregistered.push(...ended);
      return { removed: ended.length };
    });
    bus.handle('devices.notify', ({ binding, event }) => {
      this.notified.push(`${binding.contact} ${event}`);
      return { outcome: 'accepted', status: 200 };
    });
    bus.handle('bans.list', ({ limit }) => ({
      bans: this.bans.slice(0, limit),
      total: this.bans.length,
    }));
    bus.handle('bans.restore', ({ bans }) => {
      this.bans.push(...bans);
      return { restored: bans.length };
    });
    bus.handle('bans.lift', ({ address }) => {
      const found = this.bans.some((ban) => ban.address === address);
      this.bans = this.bans.filter((ban) => ban.address !== address);
      return { found };
    });
    bus.handle('calls.list', ({ limit }) => ({
      calls: this.calls.slice(0, limit),
      total: this.calls.length,
    }));
    bus.handle('calls.media', ({ callRef }) => ({
      legs: this.calls
        .find((call) => call.callRef === callRef)
        ?.legs.map(({ legRef }) => ({ legRef, media: exampleStatistics })),
    }));
    bus.handle('calls.hang-up', ({ callRef }) => {
      const found = this.calls.some((call) => call.callRef === callRef);
      this.calls = this.calls.filter((call) => call.callRef !== callRef);
      return { found };
    });
    bus.handle('parts.list', () => ({ parts: this.parts }));
    bus.handle('parts.set-log-level', ({ name, level }) => {
      const found = this.parts.some((part) => part.name === name);
      this.parts = this.parts.map((part) =>
        part.name === name ? { ...part, logLevel: level } : part,
      );
      return { found };
    });
    bus.handle('parts.restart', ({ name }) => {
      const part = this.parts.find((candidate) => candidate.name === name);
      if (part === undefined) {
        return { outcome: 'not-found' };
      }
      return { outcome: part.canRestart ? 'restarting' : 'not-restartable' };
    });
  }
}

export class TestManagementPlane {
  readonly dataDirectory: string;
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly isFirstLogin: boolean;
  readonly callPlane: PlayedCallPlane;
  /** The call plane's end of the journal of finished calls. */
  readonly journal: RecordJournalWriter;
  readonly #plane: ManagementPlane;

  private constructor(
    dataDirectory: string,
    plane: ManagementPlane,
    callPlane: PlayedCallPlane,
    journal: RecordJournalWriter,
    ready: { httpsPort: number; httpPort: number; firstLogin: boolean },
  ) {
    this.dataDirectory = dataDirectory;
    this.#plane = plane;
    this.callPlane = callPlane;
    this.journal = journal;
    this.httpsPort = ready.httpsPort;
    this.httpPort = ready.httpPort;
    this.isFirstLogin = ready.firstLogin;
  }

  static async start(options: TestManagementPlaneOptions = {}): Promise<TestManagementPlane> {
    const dataDirectory =
      options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'campanile-management-'));
    const uiDirectory = join(dataDirectory, 'ui');
    layOutUserInterface(uiDirectory);
    const logger = options.logger ?? silentLogger;
    const clock = options.clock ?? systemClock;
    const { port1, port2 } = new MessageChannel();
    const callPlane = new PlayedCallPlane(createCallPlaneBus({ port: port1, clock, logger }));
    const ready = new Promise<{ httpsPort: number; httpPort: number; firstLogin: boolean }>(
      (resolve) => {
        callPlane.bus.on('management.ready', resolve);
      },
    );
    const journalBuffer = new SharedArrayBuffer(journalFileBytes(journalCapacityBytes));
    const journal = new RecordJournalWriter({
      buffer: journalBuffer,
      onCondition: () => undefined,
    });
    const plane = new ManagementPlane({
      bus: createManagementPlaneBus({ port: port2, clock, logger }),
      dataDirectory,
      listenAddresses: ['127.0.0.1'],
      httpsPort: 0,
      httpPort: 0,
      sipPort: 5060,
      sipTlsPort: 5061,
      ldapPorts: { ldap: 0, ldaps: 0 },
      devicePorts: { ftp: 0, tftp: options.tftpPort ?? 0, pnp: 0, doors: 0 },
      bootId: options.bootId ?? 'boot',
      version: '1.2.3',
      isRestart: options.isRestart ?? false,
      openJournal: () => journalBuffer,
      uiDirectory,
      clock,
      logger,
    });
    await plane.start();
    return new TestManagementPlane(dataDirectory, plane, callPlane, journal, await ready);
  }

  /** Undefined while they are off. */
  get devicePorts(): NonNullable<ManagementPlane['devicePorts']> {
    return this.#plane.devicePorts ?? { ftp: undefined, tftp: undefined, pnp: undefined };
  }

  get httpsUrl(): string {
    return `https://127.0.0.1:${String(this.httpsPort)}`;
  }

  /** Ends it and leaves its data. */
  async stop(): Promise<void> {
    await this.#plane.close();
    this.callPlane.bus.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }
}

export const exampleUiScript = 'export const campanile = "a user interface";\n'.repeat(100);

function layOutUserInterface(directory: string): void {
  mkdirSync(join(directory, 'assets'), { recursive: true });
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Campanile</title>');
  writeFileSync(join(directory, 'assets/index-4f3a2b1c.js'), exampleUiScript);
  writeFileSync(join(directory, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
}

export const exampleStatistics = {
  packetsReceived: 500,
  packetsSent: 499,
  bytesReceived: 86_000,
  bytesSent: 85_828,
  packetsLost: 1,
  jitterMs: 0.4,
  remotePacketsLost: undefined,
  remoteJitterMs: undefined,
  roundTripMs: 12,
  mos: 4.3,
  payloadType: 8,
  packetsFromStrangers: 0,
  silentForMs: 20,
};

export const exampleCall: ActiveCall = {
  callRef: 'call-1' as CallRef,
  state: 'answered',
  callerNumber: '100',
  callerName: 'Anna <b>Bianchi</b>',
  calleeNumber: '101',
  calleeName: 'Bruno Conti',
  startedAtMs: Date.UTC(2026, 2, 1, 9, 30),
  answeredAtMs: Date.UTC(2026, 2, 1, 9, 30, 4),
  mediaMode: 'anchored',
  legs: [
    {
      legRef: 'call-1.1' as LegRef,
      role: 'caller',
      userId: 'user-100' as UserId,
      address: 'sip:100@campanile.local',
      remote: 'udp 127.0.0.2:5060',
      codec: 'PCMA',
      onHold: false,
    },
  ],
};

export const exampleManagementPart: PartHealth = {
  name: 'management-plane',
  state: 'running',
  detail: '',
  restarts: 0,
  since: Date.UTC(2026, 2, 1),
  logLevel: 'info',
  canRestart: true,
  figures: { eventLoopDelayP99Ms: 1 },
};

export function exampleBinding(userId: string, change: Partial<BindingRecord> = {}): BindingRecord {
  return {
    userId: userId as UserId,
    contact: `sip:${userId}@127.0.0.2:5060`,
    protocol: 'udp',
    localAddress: '127.0.0.1',
    localPort: 5060,
    remoteAddress: '127.0.0.2',
    remotePort: 5060,
    callId: 'registration-1',
    cseq: 1,
    q: 1,
    registeredAtMs: Date.now(),
    expiresAtMs: Date.now() + 300_000,
    userAgent: 'baresip',
    instanceId: undefined,
    ...change,
  };
}
