/**
 * Notices who guesses: one address that asks for many different devices which do not exist, or which
 * are not its own, or many addresses that do so together. Guessing gives nothing but 404s; the alarm is
 * so that an administrator knows. Afterwards an address that is proven gets nothing at all without a token
 * for a while. By UDP anybody can write any address: such an alarm shuts nobody out.
 */
import type { Clock } from '../../../foundation/clock.ts';
import { TokenBucket } from '../../../foundation/rate-limit.ts';

/**
 * `address`: one that answers for itself; `unproven`: by TFTP or plug and play, where it may be forged;
 * `many`: no single one stands out, `source` is the last of them.
 */
export type ScanKind = 'address' | 'unproven' | 'many';

export interface ScanAlarm {
  readonly kind: ScanKind;
  readonly source: string;
  readonly atMs: number;
  /** Different devices that were asked for when the alarm was raised. */
  readonly misses: number;
}

export interface ScanMiss {
  readonly source: string;
  /** Whether the address was proven by a connection. */
  readonly isProven: boolean;
  /** What was asked for: the MAC of a device, or an address with a token that nobody has. */
  readonly wanted: string;
}

const windowMs = 600_000;
/** Sources that are watched at once, of each kind; the oldest is forgotten beyond this. */
const maximumSources = 2_000;
/** How long an alarm is shown. */
const shownMs = 3_600_000;
const maximumShown = 100;
/** All addresses together may miss so many times what one may. */
const manyFactor = 3;
/** Forged addresses cost nothing: they must not fill the audit trail. */
const unprovenAlarms = { burst: 10, perSecond: 1 / 60 };

interface Watched {
  readonly sinceMs: number;
  readonly wanted: Set<string>;
  hasAlarm: boolean;
}

export class ScanWatch {
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #threshold: () => number;
  readonly #onAlarm: (alarm: ScanAlarm) => void;
  readonly #proven = new Map<string, Watched>();
  readonly #unproven = new Map<string, Watched>();
  readonly #unprovenAlarms: TokenBucket;
  /** Misses of everybody within one window. */
  #all = { sinceMs: 0, count: 0, hasAlarm: false };
  #alarms: ScanAlarm[] = [];

  constructor(
    clock: Pick<Clock, 'wallMs'>,
    threshold: () => number,
    onAlarm: (alarm: ScanAlarm) => void,
  ) {
    this.#clock = clock;
    this.#threshold = threshold;
    this.#onAlarm = onAlarm;
    this.#unprovenAlarms = new TokenBucket(unprovenAlarms, clock.wallMs());
  }

  /** Raised within the last hour. */
  get alarms(): readonly ScanAlarm[] {
    const sinceMs = this.#clock.wallMs() - shownMs;
    this.#alarms = this.#alarms.filter(({ atMs }) => atMs > sinceMs);
    return this.#alarms;
  }

  /** Whether an address guessed so much lately that it is not listened to. */
  isBlocked(source: string): boolean {
    const watched = this.#proven.get(source);
    return watched?.hasAlarm === true && this.#clock.wallMs() - watched.sinceMs <= windowMs;
  }

  /** New devices are expected now: whoever was blocked begins anew. Alarms stay. */
  forgive(): void {
    this.#proven.clear();
    this.#unproven.clear();
  }

  /** Somebody asked for a device that does not exist, or showed nothing that makes it his. */
  note({ source, isProven, wanted }: ScanMiss): void {
    const nowMs = this.#clock.wallMs();
    const watched = this.#watch(isProven ? this.#proven : this.#unproven, source, nowMs);
    if (watched.hasAlarm || watched.wanted.has(wanted)) {
      return;
    }
    watched.wanted.add(wanted);
    const misses = watched.wanted.size;
    if (misses >= this.#threshold()) {
      watched.hasAlarm = true;
      watched.wanted.clear();
      if (isProven || this.#unprovenAlarms.take(nowMs)) {
        this.#raise({ kind: isProven ? 'address' : 'unproven', source, atMs: nowMs, misses });
      }
    }
    this.#noteAll(source, nowMs);
  }

  #watch(sources: Map<string, Watched>, source: string, nowMs: number): Watched {
    const known = sources.get(source);
    if (known !== undefined && nowMs - known.sinceMs <= windowMs) {
      return known;
    }
    sources.delete(source);
    const [oldest] = sources.keys();
    if (sources.size >= maximumSources && oldest !== undefined) {
      sources.delete(oldest);
    }
    const watched: Watched = { sinceMs: nowMs, wanted: new Set(), hasAlarm: false };
    sources.set(source, watched);
    return watched;
  }

  /** Each phone asks for itself alone: where many miss at once, somebody guesses from many places. */
  #noteAll(source: string, nowMs: number): void {
    if (nowMs - this.#all.sinceMs > windowMs) {
      this.#all = { sinceMs: nowMs, count: 0, hasAlarm: false };
    }
    this.#all.count += 1;
    const { count, hasAlarm } = this.#all;
    if (!hasAlarm && count >= manyFactor * this.#threshold()) {
      this.#all.hasAlarm = true;
      this.#raise({ kind: 'many', source, atMs: nowMs, misses: count });
    }
  }

  #raise(alarm: ScanAlarm): void {
    this.#alarms = [...this.alarms, alarm].slice(-maximumShown);
    this.#onAlarm(alarm);
  }
}
