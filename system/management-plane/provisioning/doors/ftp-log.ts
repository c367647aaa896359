/**
 * The logs of FTP: transfers, and what else happens in sessions. Each only while it is on; the latest
 * lines are kept for the page, all go to the log of the system.
 */
import { Resolver } from 'node:dns/promises';
import type { FtpEvent, FtpHappening } from '../../../../provisioning/ftp/ftp-event.ts';
import type { ProvisioningSettings } from '../../../configuration/entities/provisioning-settings.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { TokenBucket } from '../../../foundation/rate-limit.ts';
import { toPlainAddress } from '../../accounts/factory-password.ts';
import type { FtpEntry, FtpLogName } from './ftp-entry.ts';

export interface FtpLogOptions {
  readonly settings: () => ProvisioningSettings;
  readonly clock: Pick<Clock, 'nowMs' | 'wallMs'>;
  readonly logger: Logger;
  /** There is one line more. Called often. */
  readonly onEntry: () => void;
}

const maximumEntries = 200;
const maximumSubject = 160;
const nameKeptMs = 600_000;
const maximumNames = 500;
/** One question; who has no name is not asked for twice in a row. */
const lookUpTimeoutMs = 2_000;
/** What is told whether a log is on or not; strangers must not fill the log of the system. */
const warnings = { burst: 20, perSecond: 0.1 };

export class FtpLog {
  readonly #options: FtpLogOptions;
  readonly #names = new Map<string, { readonly atMs: number; name: Promise<string | undefined> }>();
  readonly #warnings: TokenBucket;
  #resolver: Resolver | undefined;
  #entries: FtpEntry[] = [];

  constructor(options: FtpLogOptions) {
    this.#options = options;
    this.#warnings = new TokenBucket(warnings, options.clock.nowMs());
  }

  /** The newest first. */
  get entries(): readonly FtpEntry[] {
    return this.#entries;
  }

  note({ client, happening }: FtpEvent): void {
    const { settings, clock } = this.#options;
    const described = describe(happening);
    const { ftpTransferLogEnabled, ftpSystemLogEnabled, ftpReverseLookupEnabled } = settings();
    const isOn = { transfer: ftpTransferLogEnabled, system: ftpSystemLogEnabled, always: true };
    if (described === undefined || !isOn[described.log]) {
      return;
    }
    if (described.log === 'always' && !this.#warnings.take(clock.nowMs())) {
      return;
    }
    const { log, ...facts } = described;
    const source = toPlainAddress(client.address);
    const entry: FtpEntry = { atMs: clock.wallMs(), source, ...facts };
    if (ftpReverseLookupEnabled) {
      void this.#nameOf(source).then((host) => this.#add(log, { ...entry, host }));
    } else {
      this.#add(log, entry);
    }
  }

  #add(log: FtpLogName, entry: FtpEntry): void {
    const { logger } = this.#options;
    this.#entries = [entry, ...this.#entries].slice(0, maximumEntries);
    const { atMs: _atMs, what, ...facts } = entry;
    if (log === 'always') {
      logger.warn(`FTP: ${what}`, facts);
    } else {
      logger.info(`FTP: ${what}`, facts);
    }
    this.#options.onEntry();
  }

  /** Never rejects. */
  #nameOf(address: string): Promise<string | undefined> {
    const nowMs = this.#options.clock.nowMs();
    const known = this.#names.get(address);
    if (known !== undefined && nowMs - known.atMs < nameKeptMs) {
      return known.name;
    }
    this.#names.delete(address);
    const [oldest] = this.#names.keys();
    if (this.#names.size >= maximumNames && oldest !== undefined) {
      this.#names.delete(oldest);
    }
    this.#resolver ??= new Resolver({ timeout: lookUpTimeoutMs, tries: 1 });
    const name = this.#resolver.reverse(address).then(
      ([first]) => first?.slice(0, 253),
      () => undefined,
    );
    this.#names.set(address, { atMs: nowMs, name });
    return name;
  }
}

type Described = Omit<FtpEntry, 'atMs' | 'source' | 'host'> & { readonly log: FtpLogName };

/** Undefined for what is no news. */
function describe(happening: FtpHappening): Described | undefined {
  switch (happening.kind) {
    case 'transfer':
      return describeTransfer(happening);
    case 'not-found':
      return { log: 'transfer', what: 'not-found', subject: toSubject(happening.path) };
    case 'logged-in':
      return { log: 'system', what: 'logged-in', subject: toSubject(happening.name) };
    case 'login-refused':
      return { log: 'system', what: 'wrong-login', subject: toSubject(happening.name) };
    case 'blocked':
      return { log: 'always', what: 'blocked' };
    case 'refused':
      return {
        log: 'system',
        what: 'refused',
        subject: `${happening.command} ${toSubject(happening.path)}`,
      };
    case 'no-port':
      return { log: 'always', what: 'no-port' };
    case 'stranger':
      return { log: 'always', what: 'stranger', subject: happening.address };
    case 'ended':
      return describeEnd(happening.reason);
  }
}

function describeTransfer(happening: Extract<FtpHappening, { kind: 'transfer' }>): Described {
  const { direction, outcome, path, sizeBytes } = happening;
  const durationMs = Math.round(happening.durationMs);
  const facts = { log: 'transfer', subject: toSubject(path), sizeBytes, durationMs } as const;
  if (direction === 'sent') {
    return { ...facts, what: outcome === 'complete' ? 'sent' : 'sending-broke' };
  }
  const broken = outcome === 'too-long' ? 'too-long' : 'storing-broke';
  return { ...facts, what: outcome === 'complete' ? 'stored' : broken };
}

function describeEnd(
  reason: Extract<FtpHappening, { kind: 'ended' }>['reason'],
): Described | undefined {
  switch (reason) {
    case 'quit':
    case 'gone':
      return { log: 'system', what: 'ended' };
    case 'idle':
      return { log: 'system', what: 'ended-idle' };
    case 'limit':
      return { log: 'system', what: 'ended-limit' };
    case 'stopped':
      return undefined;
  }
}

/** The secret address of a device is in no log. */
function toSubject(text: string): string {
  return text.replace(/[0-9a-f]{40}/g, '…').slice(0, maximumSubject);
}
