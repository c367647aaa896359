/**
 * Notices who guesses: one address that asks for many different devices which do not exist, or which
 * are not its own. Guessing gives nothing but 404s; the alarm is so that an administrator knows, and
 * afterwards the address gets nothing at all without a token for a while.
 */
import type { Clock } from '../../../foundation/clock.ts';

export interface ScanAlarm {
  readonly source: string;
  readonly atMs: number;
  /** Different devices that were asked for when the alarm was raised. */
  readonly misses: number;
}

const windowMs = 600_000;
/** Sources that are watched at once; the oldest is forgotten beyond this. */
const maximumSources = 2_000;
/** How long an alarm is shown. */
const shownMs = 3_600_000;

interface Watched {
  readonly sinceMs: number;
  readonly macs: Set<string>;
  hasAlarm: boolean;
}

export class ScanWatch {
  readonly #clock: Pick<Clock, 'wallMs'>;
  readonly #threshold: () => number;
  readonly #onAlarm: (alarm: ScanAlarm) => void;
  readonly #sources = new Map<string, Watched>();
  #alarms: ScanAlarm[] = [];

  constructor(
    clock: Pick<Clock, 'wallMs'>,
    threshold: () => number,
    onAlarm: (alarm: ScanAlarm) => void,
  ) {
    this.#clock = clock;
    this.#threshold = threshold;
    this.#onAlarm = onAlarm;
  }

  /** Raised within the last hour. */
  get alarms(): readonly ScanAlarm[] {
    const sinceMs = this.#clock.wallMs() - shownMs;
    this.#alarms = this.#alarms.filter(({ atMs }) => atMs > sinceMs);
    return this.#alarms;
  }

  /** Whether an address guessed so much lately that it is not listened to. */
  isBlocked(source: string): boolean {
    const watched = this.#sources.get(source);
    return watched?.hasAlarm === true && this.#clock.wallMs() - watched.sinceMs <= windowMs;
  }

  /** New devices are expected now: whoever was blocked begins anew. Alarms stay. */
  forgive(): void {
    this.#sources.clear();
  }

  /** Somebody asked for a device that does not exist, or showed nothing that makes it his. */
  note(source: string, mac: string): void {
    const nowMs = this.#clock.wallMs();
    let watched = this.#sources.get(source);
    if (watched === undefined || nowMs - watched.sinceMs > windowMs) {
      this.#sources.delete(source);
      const [oldest] = this.#sources.keys();
      if (this.#sources.size >= maximumSources && oldest !== undefined) {
        this.#sources.delete(oldest);
      }
      watched = { sinceMs: nowMs, macs: new Set(), hasAlarm: false };
      this.#sources.set(source, watched);
    }
    if (watched.hasAlarm) {
      return;
    }
    watched.macs.add(mac);
    if (watched.macs.size >= this.#threshold()) {
      watched.hasAlarm = true;
      const alarm = { source, atMs: nowMs, misses: watched.macs.size };
      watched.macs.clear();
      this.#alarms = [...this.alarms, alarm].slice(-100);
      this.#onAlarm(alarm);
    }
  }
}
