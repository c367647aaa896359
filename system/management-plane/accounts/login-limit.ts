/**
 * Brakes guessing of passwords, per account and per source address. Pure: the clock is passed in.
 * Failures from strange addresses are one count per account; a familiar address (of a local network,
 * or one that the account has logged in from) has a count of its own, so that somebody elsewhere who
 * guesses cannot lock the owner out. Behind a local address, or one from which somebody has logged in,
 * may be a whole office: it is blocked later than a strange one. An attempt counts as failed from its
 * beginning until it turned out right, so that many at once are worth no more than one after the other.
 */
import { isIPv6 } from 'node:net';
import type { Settings } from '../../configuration/entities/settings.ts';
import type { Clock } from '../../foundation/clock.ts';
import { isLocalAddress, toPlainAddress } from './factory-password.ts';

export interface LoginLimitSettings {
  readonly failuresPerAccount: number;
  /** Of a strange address; a known one may have `knownSourceFactor` times as many. */
  readonly failuresPerSource: number;
  /** Failures older than this are forgotten. */
  readonly windowSec: number;
  readonly blockSec: number;
}

export function limitSettingsOf(settings: Settings): LoginLimitSettings {
  return {
    failuresPerAccount: settings.loginFailuresPerAccount,
    failuresPerSource: settings.loginFailuresPerSource,
    windowSec: settings.loginWindowSec,
    blockSec: settings.loginBlockSec,
  };
}

/** Who has logged in from an address before: nobody, some other account, or the one that is tried now. */
export type Familiarity = 'none' | 'others' | 'account';

export interface LoginLimitOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Read at every attempt: changed settings hold at once. */
  readonly settings: () => LoginLimitSettings;
  /** Accounts and sources remembered; beyond it the ones that failed longest ago are forgotten. */
  readonly maximumEntries?: number;
}

/** `account` and `source` say what is blocked; the answer to the client does not. */
export type LoginAttempt =
  | { readonly kind: 'allowed'; succeeded(): void; withdrawn(): void }
  | {
      readonly kind: 'blocked';
      readonly by: 'account' | 'source';
      readonly retryAfterSec: number;
      /** Whether this is the first attempt refused by this block: worth one line in the log. */
      readonly isFirst: boolean;
    };

interface Failures {
  /** When each failure happened, oldest first; never more than the limit. */
  atMs: number[];
  blockedUntilMs: number;
  wasReported: boolean;
}

/** Stands for all addresses that are not familiar; neither it nor the separator is in an address. */
const anywhere = '*';
const separator = '\n';

const defaultMaximumEntries = 10_000;

const knownSourceFactor = 4;

export class LoginLimit {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #settings: () => LoginLimitSettings;
  readonly #maximumEntries: number;
  readonly #accounts = new Map<string, Failures>();
  readonly #sources = new Map<string, Failures>();

  constructor(options: LoginLimitOptions) {
    this.#clock = options.clock;
    this.#settings = options.settings;
    this.#maximumEntries = options.maximumEntries ?? defaultMaximumEntries;
  }

  /**
   * `account`: any stable name of what is tried, also of accounts that do not exist. An address of a
   * local network is always familiar to the account.
   */
  begin(account: string, sourceAddress: string, familiarity: Familiarity = 'none'): LoginAttempt {
    const nowMs = this.#clock.nowMs();
    const settings = this.#settings();
    const source = toSourceKey(sourceAddress);
    const known = isLocalAddress(sourceAddress) ? 'account' : familiarity;
    const place = known === 'account' ? source : anywhere;
    const perSource = settings.failuresPerSource * (known === 'none' ? 1 : knownSourceFactor);
    const key = `${account}${separator}${place}`;
    const refusal =
      this.#findBlock('source', this.#sources.get(source), nowMs) ??
      this.#findBlock('account', this.#accounts.get(key), nowMs);
    if (refusal !== undefined) {
      return refusal;
    }
    this.#count(this.#accounts, key, settings.failuresPerAccount, nowMs, settings);
    this.#count(this.#sources, source, perSource, nowMs, settings);
    const withdrawn = (): void => {
      this.#uncount(this.#accounts, key, nowMs);
      this.#uncount(this.#sources, source, nowMs);
    };
    return {
      kind: 'allowed',
      succeeded: () => {
        this.#accounts.delete(key);
        // Other failures of this source stay: one own account must not pay for guessing at others.
        this.#uncount(this.#sources, source, nowMs);
      },
      withdrawn,
    };
  }

  /** Ends the blocks of an account, e.g. after an administrator set its password. */
  forgive(account: string): void {
    for (const key of this.#accounts.keys()) {
      if (key.startsWith(`${account}${separator}`)) {
        this.#accounts.delete(key);
      }
    }
  }

  /** Sources that are blocked now; of IPv6 the first 64 bits. */
  blockedSources(): readonly { readonly source: string; readonly forMs: number }[] {
    const nowMs = this.#clock.nowMs();
    const blocked: { source: string; forMs: number }[] = [];
    for (const [source, { blockedUntilMs }] of this.#sources) {
      if (blockedUntilMs > nowMs) {
        blocked.push({ source, forMs: blockedUntilMs - nowMs });
      }
    }
    return blocked;
  }

  /** Ends the block of a source. False: there was none. */
  forgiveSource(source: string): boolean {
    const isBlocked = (this.#sources.get(source)?.blockedUntilMs ?? 0) > this.#clock.nowMs();
    return isBlocked && this.#sources.delete(source);
  }

  /** Accounts and sources remembered now. */
  get size(): number {
    return this.#accounts.size + this.#sources.size;
  }

  #findBlock(
    by: 'account' | 'source',
    failures: Failures | undefined,
    nowMs: number,
  ): LoginAttempt | undefined {
    if (failures === undefined || failures.blockedUntilMs <= nowMs) {
      return undefined;
    }
    const isFirst = !failures.wasReported;
    failures.wasReported = true;
    const retryAfterSec = Math.ceil((failures.blockedUntilMs - nowMs) / 1000);
    return { kind: 'blocked', by, retryAfterSec, isFirst };
  }

  #count(
    entries: Map<string, Failures>,
    key: string,
    limit: number,
    nowMs: number,
    settings: LoginLimitSettings,
  ): void {
    const failures = entries.get(key) ?? { atMs: [], blockedUntilMs: 0, wasReported: false };
    const sinceMs = nowMs - settings.windowSec * 1000;
    failures.atMs = failures.atMs.filter((atMs) => atMs > sinceMs);
    failures.atMs.push(nowMs);
    if (failures.atMs.length >= limit) {
      failures.blockedUntilMs = nowMs + settings.blockSec * 1000;
      failures.wasReported = false;
      failures.atMs = failures.atMs.slice(-limit);
    }
    // Deleting first moves the entry to the end: the map is ordered by the last failure.
    entries.delete(key);
    entries.set(key, failures);
    if (entries.size > this.#maximumEntries) {
      const [oldest] = entries.keys();
      if (oldest !== undefined) {
        entries.delete(oldest);
      }
    }
  }

  #uncount(entries: Map<string, Failures>, key: string, atMs: number): void {
    const failures = entries.get(key);
    const index = failures?.atMs.lastIndexOf(atMs) ?? -1;
    if (failures === undefined || index === -1) {
      return;
    }
    failures.atMs.splice(index, 1);
    failures.blockedUntilMs = 0;
    if (failures.atMs.length === 0) {
      entries.delete(key);
    }
  }
}

/** IPv6 hosts own at least a /64, so that is what is counted; IPv4 by address. */
function toSourceKey(address: string): string {
  const plain = toPlainAddress(address);
  if (!isIPv6(plain)) {
    return plain;
  }
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
