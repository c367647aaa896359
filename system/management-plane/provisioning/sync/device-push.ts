/**
 * Tells phones by itself to fetch their files when what they registered with has changed: another
 * user logged in or was assigned, the name or the keys of a user changed. One in a call is told when
 * the call is over. A phone that comes back after a change is told too, once for each change.
 */
import type { Clock, Timer } from '../../../foundation/clock.ts';
import type { Logger } from '../../../foundation/logger.ts';
import { systemActor } from '../../actor.ts';
import type { ConfigurationStore } from '../../configuration-store/configuration-store.ts';
import type { EntityChange, RevisionSummary } from '../../configuration-store/revision.ts';
import type { RegistrationDirectory } from '../../registrations/registration-directory.ts';
import type { DeviceDirectory } from '../directory/device-directory.ts';
import type { DevicesService } from '../devices/devices-service.ts';
import type { DeviceSync } from './device-sync.ts';
import type { ExplainDevice } from '../files/explain-device.ts';
import { digestOf } from '../device-state/served-files.ts';

export interface DevicePushOptions {
  readonly store: Pick<ConfigurationStore, 'onRevision' | 'getRevision'>;
  readonly directory: Pick<DeviceDirectory, 'all' | 'settled'>;
  readonly devices: Pick<DevicesService, 'find'>;
  /** The bases through which a DECT handset is reached: their files hold its account. */
  readonly basesOf: (handset: string) => readonly string[];
  readonly registrations: Pick<RegistrationDirectory, 'onDeviceRegistered'>;
  readonly sync: Pick<DeviceSync, 'push'>;
  readonly explain: Pick<ExplainDevice, 'files'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What of a user stands in the files of his phones. */
const shownOnPhones: ReadonlySet<string> = new Set([
  'name',
  'extension',
  'sipUsername',
  'enabled',
  'phoneKeys',
  'phonePreferences',
]);

/** So that a house of phones neither fetches in one second nor is compared in one. */
const tickMs = 500;
const toldPerTick = 20;
const comparedPerTick = 5;
/** A call of two hours; then the phone is left to fetch by itself. */
const longestWaitMs = 7_200_000;
/** Behind what is compared after a power cut nothing urgent waits. */
const compareAfterMs = 5_000;

export class DevicePush {
  readonly #options: DevicePushOptions;
  /** Since when they wait. */
  readonly #waiting = new Map<string, number>();
  readonly #newcomers = new Map<string, number>();
  /** For which state of its files a phone was told when it came back: it is not told twice. */
  readonly #told = new Map<string, string>();
  #stops: (() => void)[] = [];
  #timer: Timer | undefined;
  #isWorking = false;

  constructor(options: DevicePushOptions) {
    this.#options = options;
  }

  start(): void {
    const { store, registrations } = this.#options;
    this.#stops = [
      store.onRevision((revision) => {
        void this.#follow(revision);
      }),
      registrations.onDeviceRegistered((mac) => {
        this.#newcomers.set(mac, this.#options.clock.nowMs());
        this.#schedule();
      }),
    ];
  }

  close(): void {
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
    this.#timer?.cancel();
    this.#waiting.clear();
    this.#newcomers.clear();
  }

  async #follow({ number }: RevisionSummary): Promise<void> {
    const { store, directory, basesOf, clock, logger } = this.#options;
    try {
      const { changes } = await store.getRevision(number);
      await directory.settled();
      const { macs, handsets } = phonesToTell(changes, directory.all());
      for (const mac of [...macs, ...handsets.flatMap(basesOf)]) {
        this.#waiting.set(mac, clock.nowMs());
      }
      this.#schedule();
    } catch (error) {
      logger.warn('Phones could not be told of a change', { revision: number, error });
    }
  }

  #schedule(): void {
    if (this.#waiting.size + this.#newcomers.size > 0 && !this.#isWorking) {
      this.#timer ??= this.#options.clock.schedule(tickMs, () => {
        this.#timer = undefined;
        void this.#work();
      });
    }
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    try {
      await this.#compareNewcomers();
      await this.#tellWaiting();
    } catch (error) {
      this.#options.logger.warn('Phones could not be told to fetch their files', { error });
    } finally {
      this.#isWorking = false;
      this.#schedule();
    }
  }

  async #tellWaiting(): Promise<void> {
    const { devices, sync, clock } = this.#options;
    const macs: string[] = [];
    for (const [mac, sinceMs] of this.#waiting) {
      if (devices.find(mac)?.way === undefined || clock.nowMs() - sinceMs > longestWaitMs) {
        this.#waiting.delete(mac);
      } else if (macs.length < toldPerTick) {
        macs.push(mac);
      }
    }
    for (const { mac, outcome } of macs.length === 0 ? [] : await sync.push(systemActor, macs)) {
      const sinceMs = this.#waiting.get(mac);
      this.#waiting.delete(mac);
      if (outcome === 'in-call' && sinceMs !== undefined) {
        // To the end of the queue.
        this.#waiting.set(mac, sinceMs);
      }
    }
  }

  async #compareNewcomers(): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const due = [...this.#newcomers]
      .filter(([, sinceMs]) => nowMs - sinceMs >= compareAfterMs)
      .slice(0, comparedPerTick);
    for (const [mac] of due) {
      this.#newcomers.delete(mac);
      if (await this.#hasChanged(mac)) {
        this.#waiting.set(mac, nowMs);
      }
    }
  }

  /** Whether the phone has other files than it would get now, and was not told of these yet. */
  async #hasChanged(mac: string): Promise<boolean> {
    const { devices, explain } = this.#options;
    if (devices.find(mac) === undefined) {
      this.#told.delete(mac);
      return false;
    }
    const files = await explain.files(mac);
    const changed = files.filter(({ drift }) => drift.state === 'changed');
    const state = changed.map(({ file }) => digestOf(file.bytes)).join(' ');
    if (changed.length === 0 || this.#told.get(mac) === state) {
      return false;
    }
    this.#told.set(mac, state);
    return true;
  }
}

/** Devices and handsets that got other users, and devices of users who are shown otherwise. */
export function phonesToTell(
  changes: readonly EntityChange[],
  devices: Iterable<{
    readonly id: string;
    readonly document: { readonly lines: readonly string[] };
  }>,
): { readonly macs: ReadonlySet<string>; readonly handsets: readonly string[] } {
  const macs = new Set<string>();
  const handsets: string[] = [];
  const users = new Set<string>();
  for (const { entity, kind, id, fields } of changes) {
    const has = (name: string): boolean => fields.some(({ field }) => field === name);
    const hasOtherLines = has('lines') || has('externalLines') || has('externalPasswords');
    if (entity === 'device' && kind === 'update' && hasOtherLines && !has('credentials')) {
      macs.add(id);
    }
    if (entity === 'dect-handset' && kind === 'update' && has('user')) {
      handsets.push(id);
    }
    if (
      entity === 'user' &&
      kind === 'update' &&
      fields.some(({ field }) => shownOnPhones.has(field))
    ) {
      users.add(id);
    }
  }
  if (users.size > 0) {
    for (const { id, document } of devices) {
      if (document.lines.some((user) => users.has(user))) {
        macs.add(id);
      }
    }
  }
  return { macs, handsets };
}
