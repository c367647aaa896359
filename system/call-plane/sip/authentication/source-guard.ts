/**
 * Bookkeeping per source address: who floods, who guesses passwords, who sends rubbish. Pure: it is
 * told what happened and says `pass` or `drop`. The number of addresses it knows is bounded, so a
 * flood from forged addresses costs old memories, never memory.
 *
 * UDP addresses can be forged. Therefore addresses in private networks, and those that have
 * authenticated lately, have limits ten times as high and are banned for a minute at most: an
 * attacker must not be able to lock out the phones of a house by sending in their name.
 */
import type { Clock } from '../../../foundation/clock.ts';
import { GenerationMap } from '../../../foundation/generation-map.ts';
import { isPrivateAddress } from '../../../foundation/private-network.ts';
import {
  isAttackTool,
  methodOffences,
  type CountedOffence,
  type Offence,
  type SourceLimits,
} from './source-limits.ts';

export interface Ban {
  readonly address: string;
  readonly offence: Offence;
  /** Wall clock. */
  readonly bannedAtMs: number;
  readonly endsAtMs: number;
}

export interface SourceGuardOptions {
  readonly clock: Clock;
  readonly limits: SourceLimits;
  /** Addresses that are never counted nor banned: a session border controller, a load generator. */
  readonly isIgnored?: (address: string) => boolean;
  /** Addresses remembered, and bans, each; 10,000 where nothing is said. */
  readonly maximumSources?: number;
  readonly onBan?: (ban: Ban) => void;
  /** A ban was ended before its time. */
  readonly onUnban?: (address: string) => void;
}

export type Verdict = 'pass' | 'drop';

const trustedFactor = 10;
/** Longer ones are looked at each time. */
const rememberedAgentCharacters = 128;
const trustedBanSec = 60;
/** How long a successful authentication speaks for an address. */
const trustMs = 3_600_000;

interface Counter {
  startMs: number;
  count: number;
}

class Source {
  readonly isPrivate: boolean;
  trustedUntilMs = -1;
  readonly counters = new Map<CountedOffence, Counter>();
  /** The User-Agent that was found harmless last, by which list: looked at once, not in every request. */
  harmless: { readonly userAgent: string; readonly tools: readonly string[] } | undefined;

  constructor(address: string) {
    this.isPrivate = isPrivateAddress(address);
  }
}

interface StoredBan {
  /** As told to others, by the wall clock. */
  readonly ban: Ban;
  /** By the clock that nobody sets. */
  readonly endMs: number;
}

export class SourceGuard {
  readonly #clock: Clock;
  readonly #isIgnored: (address: string) => boolean;
  readonly #maximumSources: number;
  readonly #onBan: (ban: Ban) => void;
  readonly #onUnban: (address: string) => void;
  #limits: SourceLimits;
  #isDenied: ((address: string) => boolean) | undefined;
  /** What the filter said of the addresses that came lately. */
  #denied: GenerationMap<string, boolean>;
  readonly #sources: GenerationMap<string, Source>;
  readonly #bans = new Map<string, StoredBan>();

  constructor(options: SourceGuardOptions) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#isIgnored = options.isIgnored ?? (() => false);
    this.#maximumSources = options.maximumSources ?? 10_000;
    this.#onBan = options.onBan ?? (() => undefined);
    this.#onUnban = options.onUnban ?? (() => undefined);
    this.#sources = new GenerationMap(this.#maximumSources);
    this.#denied = new GenerationMap(this.#maximumSources);
  }

  setLimits(limits: SourceLimits): void {
    this.#limits = limits;
  }

  /** Who is turned away whatever it sends; undefined: nobody. */
  setFilter(isDenied: ((address: string) => boolean) | undefined): void {
    this.#isDenied = isDenied;
    this.#denied = new GenerationMap(this.#maximumSources);
  }

  get sourceCount(): number {
    return this.#sources.size;
  }

  /** Judges, and counts, one message that has just arrived, before anything else is done with it. */
  admit(address: string): Verdict {
    if (this.#isDenied !== undefined && this.#isTurnedAway(address, this.#isDenied)) {
      return 'drop';
    }
    /* Counted even under a short ban, or the higher barrier would never be reached. */
    this.#note(address, 'extreme-message-rate');
    if (this.#bans.size > 0 && this.isBanned(address)) {
      return 'drop';
    }
    this.#note(address, 'message-rate');
    return this.#bans.size > 0 && this.#bans.has(address) ? 'drop' : 'pass';
  }

  /** Judges a request that was read: its method by the limits, its sender by the attack tools. */
  admitRequest(address: string, method: string, userAgent: string | undefined): Verdict {
    const { attackTools, attackToolBanSec } = this.#limits;
    if (userAgent !== undefined && attackTools.length > 0 && !this.#isIgnored(address)) {
      const source = this.#source(address);
      const { harmless } = source;
      const isKnown = harmless?.userAgent === userAgent && harmless.tools === attackTools;
      if (!isKnown && !this.#isTrusted(source)) {
        if (isAttackTool(userAgent, attackTools)) {
          this.#punish(address, source, 'attack-tool', attackToolBanSec);
          return 'drop';
        }
        if (userAgent.length <= rememberedAgentCharacters) {
          // A copy: a part of the message would keep all of the message in memory.
          const copy = Buffer.from(userAgent).toString();
          source.harmless = { userAgent: copy, tools: attackTools };
        }
      }
    }
    const offence = methodOffences.get(method);
    if (offence === undefined || this.#limits[offence].limit === 0) {
      return 'pass';
    }
    this.#note(address, offence);
    return this.#bans.has(address) ? 'drop' : 'pass';
  }

  noteMalformed(address: string): void {
    this.#note(address, 'malformed-messages');
  }

  /** A request without credentials was answered with a challenge. */
  noteChallenge(address: string): void {
    this.#note(address, 'unanswered-challenges');
  }

  noteFailedAuthentication(address: string): void {
    this.#note(address, 'failed-authentications');
  }

  /** Forgets what challenges were open and trusts the address for an hour. */
  noteAuthenticated(address: string): void {
    if (this.#isIgnored(address)) {
      return;
    }
    const source = this.#source(address);
    source.trustedUntilMs = this.#clock.nowMs() + trustMs;
    source.counters.delete('unanswered-challenges');
  }

  isBanned(address: string): boolean {
    const ban = this.#bans.get(address);
    if (ban === undefined) {
      return false;
    }
    if (ban.endMs > this.#clock.nowMs()) {
      return true;
    }
    this.#bans.delete(address);
    return false;
  }

  /** The bans in force. */
  bans(): Ban[] {
    const nowMs = this.#clock.nowMs();
    const bans: Ban[] = [];
    for (const { ban, endMs } of this.#bans.values()) {
      if (endMs > nowMs) {
        bans.push(ban);
      }
    }
    return bans;
  }

  /** Ends a ban and forgets what led to it. False: there was none. */
  unban(address: string): boolean {
    this.#sources.delete(address);
    const found = this.#bans.delete(address);
    if (found) {
      this.#onUnban(address);
    }
    return found;
  }

  /** Ends the bans of addresses that are never counted nor banned from now on. */
  liftIgnored(): void {
    for (const address of [...this.#bans.keys()]) {
      if (this.#isIgnored(address)) {
        this.unban(address);
      }
    }
  }

  /**
   * Puts stored bans back in force, as far as they have not ended and the address may be banned at
   * all. Returns how many.
   */
  restore(bans: readonly Ban[]): number {
    const nowMs = this.#clock.nowMs();
    const wallMs = this.#clock.wallMs();
    let restored = 0;
    for (const ban of bans) {
      const leftMs = ban.endsAtMs - wallMs;
      if (leftMs > 0 && !this.#isIgnored(ban.address)) {
        restored += 1;
        this.#storeBan({ ban, endMs: nowMs + leftMs });
      }
    }
    return restored;
  }

  #note(address: string, offence: CountedOffence): void {
    const { limit, windowSec, banSec } = this.#limits[offence];
    if (limit === 0 || this.#isIgnored(address)) {
      return;
    }
    const nowMs = this.#clock.nowMs();
    const source = this.#source(address);
    let counter = source.counters.get(offence);
    if (counter === undefined) {
      counter = { startMs: nowMs, count: 0 };
      source.counters.set(offence, counter);
    } else if (nowMs - counter.startMs >= windowSec * 1_000) {
      counter.startMs = nowMs;
      counter.count = 0;
    }
    counter.count++;
    if (counter.count > (this.#isFamiliar(source) ? limit * trustedFactor : limit)) {
      counter.count = 0;
      this.#punish(address, source, offence, banSec);
    }
  }

  #punish(address: string, source: Source, offence: Offence, banSec: number): void {
    const durationMs =
      (this.#isFamiliar(source) ? Math.min(banSec, trustedBanSec) : banSec) * 1_000;
    const endMs = this.#clock.nowMs() + durationMs;
    const current = this.#bans.get(address);
    if (current !== undefined && current.endMs >= endMs) {
      return;
    }
    const bannedAtMs = this.#clock.wallMs();
    const ban: Ban = { address, offence, bannedAtMs, endsAtMs: bannedAtMs + durationMs };
    this.#storeBan({ ban, endMs });
    this.#onBan(ban);
  }

  #isFamiliar(source: Source): boolean {
    return source.isPrivate || this.#isTrusted(source);
  }

  #isTrusted(source: Source): boolean {
    return source.trustedUntilMs > this.#clock.nowMs();
  }

  #isTurnedAway(address: string, isDenied: (address: string) => boolean): boolean {
    let verdict = this.#denied.get(address);
    if (verdict === undefined) {
      verdict = isDenied(address);
      this.#denied.set(address, verdict);
    }
    return verdict;
  }

  #storeBan(stored: StoredBan): void {
    const { address } = stored.ban;
    this.#bans.delete(address);
    if (this.#bans.size >= this.#maximumSources) {
      const oldest = this.#bans.keys().next();
      if (oldest.done !== true) {
        this.#bans.delete(oldest.value);
      }
    }
    this.#bans.set(address, stored);
  }

  #source(address: string): Source {
    let source = this.#sources.get(address);
    if (source === undefined) {
      source = new Source(address);
      this.#sources.set(address, source);
    }
    return source;
  }
}
