/** Who takes part in a rollout, in which ring, and with which way back: looked up once, at its start. */
import { assignRings } from '../../../../../provisioning/firmware/rollout/assign-rings.ts';
import type {
  RolloutDevice,
  RolloutPlan,
} from '../../../../../provisioning/firmware/rollout/rollout.ts';
import type { Device } from '../../../../configuration/entities/device.ts';
import { randomId } from '../../../../foundation/ids.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import type { DeviceDirectory } from '../../directory/device-directory.ts';
import type { DeviceFiles } from '../../files/device-files.ts';
import { FirmwareError, type FirmwareIssue } from '../library/firmware-error.ts';
import type { FirmwareLibrary } from '../library/firmware-library.ts';
import { firmwareLabelVariable, type FirmwareSet, imageFor } from '../library/firmware-set.ts';
import type { PlainSettings } from './plain-settings.ts';
import type { RolloutObserver } from './rollout-observer.ts';
import type { RunningFirmware } from './running-firmware.ts';
import type { RolloutTarget, StoredRollout } from './stored-rollout.ts';

export interface RolloutRequest {
  readonly setId: string;
  readonly target:
    | Exclude<RolloutTarget, { readonly kind: 'devices' }>
    | { readonly kind: 'devices'; readonly macs: readonly string[] };
  /** The device of the first ring. */
  readonly first: string | undefined;
  /** One, a tenth, all; otherwise all at once. */
  readonly isStaged: boolean;
  readonly plan: RolloutPlan;
}

export interface PlanRolloutOptions {
  readonly library: FirmwareLibrary;
  readonly directory: Pick<DeviceDirectory, 'all' | 'find' | 'show'>;
  readonly files: Pick<DeviceFiles, 'modelOf'>;
  readonly running: RunningFirmware;
  readonly observer: Pick<RolloutObserver, 'plainSettings'>;
}

interface Candidate {
  readonly device: Omit<RolloutDevice, 'ring'>;
  readonly isRegistered: boolean;
}

export class PlanRollout {
  readonly #options: PlanRolloutOptions;

  constructor(options: PlanRolloutOptions) {
    this.#options = options;
  }

  /** Rejects with FirmwareError: a wrong model, an inactive set, nobody who needs it. */
  async plan(
    request: RolloutRequest,
    {
      by,
      nowMs,
      isTaken,
    }: {
      readonly by: string;
      readonly nowMs: number;
      readonly isTaken: (mac: string) => boolean;
    },
  ): Promise<StoredRollout> {
    const { library, observer } = this.#options;
    const { target, plan, first, isStaged } = request;
    const set = library.require(request.setId);
    if (!set.isActive) {
      throw new FirmwareError('conflict', `The set ${set.label} is not active. Activate it first.`);
    }
    const issues: FirmwareIssue[] = [];
    const candidates: Candidate[] = [];
    const settings = await observer.plainSettings();
    for (const stored of this.#devicesOf(target)) {
      const found = this.#toCandidate(stored, set, target, settings, nowMs, isTaken(stored.id));
      if (typeof found !== 'string') {
        candidates.push(found);
      } else if (target.kind === 'devices') {
        issues.push({ path: `target.macs.${stored.id}`, code: 'not-possible', message: found });
      }
    }
    if (candidates.length === 0 || issues.length > 0) {
      const [issue] = issues;
      const message =
        issue === undefined ? 'None of these devices needs this firmware.' : `${issue.message}.`;
      throw new FirmwareError('conflict', message, issues);
    }
    if (first !== undefined && candidates.every(({ device }) => device.mac !== first)) {
      throw new FirmwareError('invalid', 'The first device does not take part in the rollout.', [
        { path: 'first', code: 'not-found', message: 'does not take part in the rollout' },
      ]);
    }
    const id = randomId();
    const byMac = new Map(candidates.map(({ device }) => [device.mac, device]));
    const places = assignRings(
      candidates.map(({ device, isRegistered }) => ({ mac: device.mac, isRegistered })),
      { seed: id, first, isStaged },
    );
    return {
      id,
      vendor: set.vendor,
      label: set.label,
      setId: set.id,
      target: target.kind === 'devices' ? { kind: 'devices' } : target,
      plan,
      direction: 'forward',
      state: 'running',
      ring: 0,
      halt: undefined,
      audioFromMs: nowMs,
      devices: places.flatMap(({ mac, ring }) => {
        const device = byMac.get(mac);
        return device === undefined ? [] : [{ ...device, ring }];
      }),
      createdAtMs: nowMs,
      createdBy: by,
      endedAtMs: undefined,
      labelChanges: undefined,
      areLabelsWritten: false,
    };
  }

  #devicesOf(target: RolloutRequest['target']): readonly Stored<Device>[] {
    const { directory } = this.#options;
    if (target.kind !== 'devices') {
      return [...directory.all()];
    }
    return [...new Set(target.macs)].map((mac) => {
      const stored = directory.find(mac);
      if (stored === undefined) {
        throw new FirmwareError('not-found', `There is no device ${mac}.`);
      }
      return stored;
    });
  }

  /** A sentence: why the device cannot take part. */
  #toCandidate(
    stored: Stored<Device>,
    set: FirmwareSet,
    target: RolloutRequest['target'],
    settings: PlainSettings,
    nowMs: number,
    isTaken: boolean,
  ): Candidate | string {
    const { library, directory, files, running } = this.#options;
    const { mac, groups } = stored.document;
    const known = files.modelOf(stored);
    if (known?.vendor.data.id !== set.vendor) {
      return `${set.label} is not for the vendor of ${mac}`;
    }
    const { vendor, model } = known;
    const isMeant =
      target.kind === 'models'
        ? target.models.includes(model.id)
        : target.kind === 'devices' || groups.includes(target.group);
    const image = imageFor(set, model.id, 'application');
    if (!isMeant || image === undefined) {
      return `${set.label} has no firmware for the model ${model.name} of ${mac}`;
    }
    const { source } = settings.find(
      stored.document,
      vendor.data.id,
      model.id,
      firmwareLabelVariable,
    );
    if (
      (target.kind === 'models' && (source === 'device' || source === 'group')) ||
      (target.kind === 'group' && source === 'device')
    ) {
      return `${mac} has a firmware of its own choice`;
    }
    if (isTaken) {
      return `another rollout has ${mac} already`;
    }
    const listed = directory.show(stored);
    const fromVersion = running.of(listed);
    const goal = image.file.version;
    const difference =
      fromVersion === undefined ? -1 : library.compare(set.vendor, fromVersion, goal);
    if (difference === 0) {
      return `${mac} runs ${goal} already`;
    }
    if (difference > 0 && !vendor.data.firmware.canGoBack) {
      return `${mac} runs the newer ${fromVersion ?? ''}, and devices of this vendor do not go back`;
    }
    const back =
      fromVersion === undefined || !vendor.data.firmware.canGoBack
        ? undefined
        : library.findVersion(set.vendor, model.id, fromVersion);
    return {
      isRegistered: listed.binding !== undefined,
      device: {
        mac,
        state: 'waiting',
        reason: undefined,
        attempts: 0,
        sinceMs: nowMs,
        fromVersion,
        goal,
        backLabel: back?.set.label,
        updatedAtMs: undefined,
        missingSinceMs: undefined,
        isExcused: false,
      },
    };
  }
}
