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
import type { Settings } from '../../../configuration/entities/settings.ts';
import { isPrivateAddress } from '../../../foundation/private-network.ts';

/** What an address can be banned for. */
export type Offence =
  | 'failed-authentications'
  | 'unanswered-challenges'
  | 'malformed-messages'
  | 'message-rate'
  | 'extreme-message-rate';

export interface SourceLimit {
  /** More than this many within the window lead to a ban; 0 switches the limit off. */
  readonly limit: number;
  readonly windowSec: number;
  readonly banSec: number;
}

/** Of the rules that count messages. */
const rateWindowSec = 10;

export type SourceLimits = Readonly<Record<Offence, SourceLimit>>;

/** The limits that the administrator has set. */
export function sourceLimitsOf(settings: Settings): SourceLimits {
  const windowSec = settings.sipRulesWindowSec;
  return {
    'failed-authentications': {
      limit: settings.sipFailedAuthentications,
      windowSec,
      banSec: settings.sipFailedAuthenticationsBlockSec,
    },
    'unanswered-challenges': {
      limit: settings.sipUnansweredChallenges,
      windowSec,
      banSec: settings.sipUnansweredChallengesBlockSec,
    },
    'malformed-messages': {
      limit: settings.sipMalformedMessages,
      windowSec,
      banSec: settings.sipMalformedMessagesBlockSec,
    },
    'message-rate': {
      limit: settings.sipMessagesPer10Sec,
      windowSec: rateWindowSec,
      banSec: settings.sipMessagesBlockSec,
    },
    'extreme-message-rate': {
      limit: settings.sipFloodPer10Sec,
      windowSec: rateWindowSec,
      banSec: settings.sipFloodBlockSec,
    },
  };
}

/** All limits off: for peers that are guarded elsewhere, and for measuring. */
export const noSourceLimits: SourceLimits = {
  'failed-authentications': { limit: 0, windowSec: 600, banSec: 0 },
  'unanswered-challenges': { limit: 0, windowSec: 600, banSec: 0 },
  'malformed-messages': { limit: 0, windowSec: 600, banSec: 0 },
  'message-rate': { limit: 0, windowSec: 10, banSec: 0 },
  'extreme-message-rate': { limit: 0, windowSec: 10, banSec: 0 },
};

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
  readonly counters = new Map<Offence, Counter>();

  constructor(address: string) {
    this.isPrivate = isPrivateAddress(address);
  }
}

interface StoredBan {
  readonly offence: Offence;
  readonly startMs: number;
  readonly endMs: number;
}

export class SourceGuard {
  readonly #clock: Clock;
  readonly #isIgnored: (address: string) => boolean;
  readonly #maximumSources: number;
  readonly #onBan: (ban: Ban) => void;
  readonly #onUnban: (address: string) => void;
  #limits: SourceLimits;
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
  }

  setLimits(limits: SourceLimits): void {
    this.#limits = limits;
  }

  get sourceCount(): number {
    return this.#sources.size;
  }

  /** Judges, and counts, one message that has just arrived, before anything else is done with it. */
  admit(address: string): Verdict {
    /* Counted even under a short ban, or the higher barrier would never be reached. */
    this.#note(address, 'extreme-message-rate');
    if (this.#bans.size > 0 && this.isBanned(address)) {
      return 'drop';
    }
    this.#note(address, 'message-rate');
    return this.#bans.size > 0 && this.#bans.has(address) ? 'drop' : 'pass';
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
    for (const [address, ban] of this.#bans) {
      if (ban.endMs > nowMs) {
        bans.push(this.#toBan(address, ban));
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
    const wallOffsetMs = this.#clock.wallMs() - nowMs;
    let restored = 0;
    for (const ban of bans) {
      if (ban.endsAtMs - wallOffsetMs > nowMs && !this.#isIgnored(ban.address)) {
        restored += 1;
        this.#storeBan(ban.address, {
          offence: ban.offence,
          startMs: ban.bannedAtMs - wallOffsetMs,
          endMs: ban.endsAtMs - wallOffsetMs,
        });
      }
    }
    return restored;
  }

  #note(address: string, offence: Offence): void {
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
    const isTrusted = source.isPrivate || source.trustedUntilMs > nowMs;
    if (counter.count > (isTrusted ? limit * trustedFactor : limit)) {
      counter.count = 0;
      const durationSec = isTrusted ? Math.min(banSec, trustedBanSec) : banSec;
      this.#ban(address, { offence, startMs: nowMs, endMs: nowMs + durationSec * 1_000 });
    }
  }

  #ban(address: string, ban: StoredBan): void {
    const current = this.#bans.get(address);
    if (current !== undefined && current.endMs >= ban.endMs) {
      return;
    }
    this.#storeBan(address, ban);
    this.#onBan(this.#toBan(address, ban));
  }

  #storeBan(address: string, ban: StoredBan): void {
    this.#bans.delete(address);
    if (this.#bans.size >= this.#maximumSources) {
      const oldest = this.#bans.keys().next();
      if (oldest.done !== true) {
        this.#bans.delete(oldest.value);
      }
    }
    this.#bans.set(address, ban);
  }

  #toBan(address: string, ban: StoredBan): Ban {
    const wallOffsetMs = this.#clock.wallMs() - this.#clock.nowMs();
    return {
      address,
      offence: ban.offence,
      bannedAtMs: ban.startMs + wallOffsetMs,
      endsAtMs: ban.endMs + wallOffsetMs,
    };
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
