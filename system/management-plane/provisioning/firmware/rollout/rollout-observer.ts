/** What the rules of rollouts want to know, gathered for one look: registrations, calls, clocks, audio. */
import type {
  DeviceObservation,
  AudioMean,
  AudioObservation,
} from '../../../../../provisioning/firmware/rollout/decide-rollout.ts';
import type { ManagementPlaneBus } from '../../../../bus/ends.ts';
import type { Clock } from '../../../../foundation/clock.ts';
import type { ConfigurationStore } from '../../../configuration-store/configuration-store.ts';
import type { AudioQuality } from '../../../records/audio-quality.ts';
import type { DeviceDirectory } from '../../directory/device-directory.ts';
import type { DeviceFiles } from '../../files/device-files.ts';
import type { SiteSettingsService } from '../../shared-settings/site-settings-service.ts';
import { LocalTime } from './local-time.ts';
import { PlainSettings } from './plain-settings.ts';
import type { RunningFirmware } from './running-firmware.ts';
import type { StoredRollout } from './stored-rollout.ts';

export interface RolloutObserverOptions {
  readonly store: Pick<ConfigurationStore, 'findAll' | 'head'>;
  readonly site: Pick<SiteSettingsService, 'current'>;
  readonly directory: Pick<DeviceDirectory, 'find' | 'show'>;
  readonly files: Pick<DeviceFiles, 'modelOf'>;
  readonly running: RunningFirmware;
  readonly callPlane: Pick<ManagementPlaneBus, 'request'>;
  readonly audio: AudioQuality;
  readonly clock: Pick<Clock, 'wallMs'>;
}

const maximumCalls = 5_000;
const audioEveryMs = 30_000;
/** Calls before an update that count as what it was like before. */
const audioBeforeMs = 14 * 86_400_000;

export class RolloutObserver {
  readonly #options: RolloutObserverOptions;
  readonly #localTime = new LocalTime();
  #settings: { readonly head: number; readonly values: PlainSettings } | undefined;
  #audio = new Map<string, { readonly atMs: number; readonly value: AudioObservation }>();

  constructor(options: RolloutObserverOptions) {
    this.#options = options;
  }

  /** Settings of devices as of the newest revision. */
  async plainSettings(): Promise<PlainSettings> {
    const { store, site } = this.#options;
    const { head } = store;
    if (this.#settings?.head !== head) {
      this.#settings = { head, values: await PlainSettings.load(store, site) };
    }
    return this.#settings.values;
  }

  async look(): Promise<(mac: string) => DeviceObservation> {
    const settings = await this.plainSettings();
    const { calls } = await this.#options.callPlane.request('calls.list', { limit: maximumCalls });
    // `udp 192.0.2.4:5060`
    const busy = new Set(
      calls.flatMap(({ legs }) => legs.map(({ remote }) => remote.replace(/^\w+ /, ''))),
    );
    return (mac) => this.#observe(mac, settings, busy);
  }

  #observe(mac: string, settings: PlainSettings, busy: ReadonlySet<string>): DeviceObservation {
    const { directory, files, running, clock } = this.#options;
    const stored = directory.find(mac);
    if (stored === undefined) {
      return {
        isThere: false,
        isRegistered: false,
        isInCall: false,
        version: undefined,
        localMinute: 0,
      };
    }
    const listed = directory.show(stored);
    const known = files.modelOf(stored);
    const zone =
      known === undefined
        ? undefined
        : settings.find(stored.document, known.vendor.data.id, known.model.id, 'time.zone').value;
    const { binding } = listed;
    return {
      isThere: true,
      isRegistered: binding !== undefined,
      isInCall:
        binding !== undefined && busy.has(`${binding.remoteAddress}:${String(binding.remotePort)}`),
      version: running.of(listed),
      localMinute: this.#localTime.minuteOf(
        typeof zone === 'string' ? zone : undefined,
        clock.wallMs(),
      ),
    };
  }

  /** Looked up anew every half minute only: it reads the database of calls. */
  async audioOf(rollout: StoredRollout): Promise<AudioObservation> {
    const nowMs = this.#options.clock.wallMs();
    const known = this.#audio.get(rollout.id);
    if (known !== undefined && nowMs - known.atMs < audioEveryMs && nowMs >= known.atMs) {
      return known.value;
    }
    const value = await this.#lookUpAudio(rollout, nowMs);
    this.#audio.set(rollout.id, { atMs: nowMs, value });
    return value;
  }

  forget(rolloutId: string): void {
    this.#audio.delete(rolloutId);
  }

  async #lookUpAudio(rollout: StoredRollout, nowMs: number): Promise<AudioObservation> {
    const { directory, audio } = this.#options;
    const updatedOfUser = new Map<
      string,
      { readonly mac: string; readonly updatedAtMs: number }[]
    >();
    for (const { mac, state, updatedAtMs, isExcused } of rollout.devices) {
      if (state === 'updated' && updatedAtMs !== undefined && !isExcused) {
        for (const userId of directory.find(mac)?.document.lines ?? []) {
          updatedOfUser.set(userId, [...(updatedOfUser.get(userId) ?? []), { mac, updatedAtMs }]);
        }
      }
    }
    if (updatedOfUser.size === 0) {
      return { before: undefined, after: undefined };
    }
    const before: number[] = [];
    const after: number[] = [];
    const legs = await audio.legsOf([...updatedOfUser.keys()], nowMs - audioBeforeMs);
    for (const { userId, userAgent, startedAtMs, mos } of legs) {
      const device = (updatedOfUser.get(userId) ?? []).find(({ mac }) => mayBe(userAgent, mac));
      if (device === undefined) {
        continue;
      }
      if (startedAtMs < device.updatedAtMs) {
        before.push(mos);
      } else if (startedAtMs >= rollout.audioFromMs) {
        after.push(mos);
      }
    }
    return { before: meanOf(before), after: meanOf(after) };
  }
}

/** A User-Agent that tells a MAC must tell this one; one that tells none may be the device's. */
function mayBe(userAgent: string | undefined, mac: string): boolean {
  const told = /[0-9a-f]{12}/.exec(
    (userAgent ?? '').toLowerCase().replaceAll(/(?<=[0-9a-f]{2})[:-](?=[0-9a-f]{2})/g, ''),
  );
  return told === null || told[0] === mac;
}

function meanOf(values: readonly number[]): AudioMean | undefined {
  return values.length === 0
    ? undefined
    : { calls: values.length, mos: values.reduce((sum, mos) => sum + mos, 0) / values.length };
}
