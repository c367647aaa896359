/** Firmware and rollouts as they leave. */
import { canGoBack } from '../../../../../provisioning/firmware/rollout/steer-rollout.ts';
import {
  deviceStates,
  type RolloutDevice as DeviceInRollout,
} from '../../../../../provisioning/firmware/rollout/rollout.ts';
import type { ListedDevice } from '../../../provisioning/directory/listed-device.ts';
import type { FirmwareSet as StoredSet } from '../../../provisioning/firmware/library/firmware-set.ts';
import type { StoredRollout } from '../../../provisioning/firmware/rollout/stored-rollout.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { presentInstant, presentOptionalInstant } from '../../wire/instant.ts';
import type { FirmwareSet, Rollout, RolloutDevice } from './schema.ts';

type Facts = Pick<ProvisioningServices, 'catalogue' | 'directory' | 'files' | 'firmware'>;

export function presentFirmwareSets(sets: readonly StoredSet[], facts: Facts): FirmwareSet[] {
  const runs = countVersions(facts);
  return sets.map((set) => presentFirmwareSet(set, facts, runs));
}

export function presentFirmwareSet(
  set: StoredSet,
  facts: Facts,
  runs: VersionCounts = countVersions(facts),
): FirmwareSet {
  const { id, vendor, label, isActive, notes, createdAtMs, createdBy, files } = set;
  let devices = 0;
  let outdated = 0;
  for (const [model, versions] of runs.get(vendor) ?? []) {
    const image = files.find(
      ({ kind, models }) => kind === 'application' && models.includes(model),
    );
    if (image === undefined) {
      continue;
    }
    for (const [version, count] of versions) {
      devices += count;
      const isOlder =
        version !== '' && facts.firmware.library.compare(vendor, version, image.version) < 0;
      outdated += isOlder ? count : 0;
    }
  }
  return {
    id,
    vendor,
    vendorName: facts.catalogue.find(vendor)?.data.name ?? vendor,
    label,
    isActive,
    notes,
    createdAt: presentInstant(createdAtMs),
    createdBy,
    files: files.map(({ uploadedAtMs, models, ...file }) => ({
      ...file,
      models: [...models],
      uploadedAt: presentInstant(uploadedAtMs),
    })),
    devices,
    outdated,
  };
}

/** Devices by vendor, model and version; the version is empty where it is unknown. */
type VersionCounts = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, number>>>;

function countVersions({ directory, files, firmware }: Facts): VersionCounts {
  const counts = new Map<string, Map<string, Map<string, number>>>();
  for (const stored of directory.all()) {
    const known = files.modelOf(stored);
    if (known === undefined) {
      continue;
    }
    const version = firmware.running.of(directory.show(stored)) ?? '';
    const { id } = known.vendor.data;
    const models = counts.get(id) ?? new Map<string, Map<string, number>>();
    counts.set(id, models);
    const versions = models.get(known.model.id) ?? new Map<string, number>();
    models.set(known.model.id, versions);
    versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  return counts;
}

export function presentRollout(
  rollout: StoredRollout,
  {
    catalogue,
    groupName,
  }: Pick<Facts, 'catalogue'> & { readonly groupName: (id: string) => string },
): Rollout {
  const { target, devices, halt, plan } = rollout;
  const lastRing = Math.max(0, ...devices.map(({ ring }) => ring));
  const vendor = catalogue.find(rollout.vendor)?.data;
  const { quietHours, ...others } = plan;
  return {
    id: rollout.id,
    vendor: rollout.vendor,
    vendorName: vendor?.name ?? rollout.vendor,
    label: rollout.label,
    setId: rollout.setId,
    target:
      target.kind === 'models'
        ? { kind: 'models', models: [...target.models] }
        : target.kind === 'group'
          ? { ...target, name: groupName(target.group) }
          : target,
    state: rollout.state,
    direction: rollout.direction,
    ring: rollout.ring,
    rings: Array.from({ length: lastRing + 1 }, (_, ring) =>
      countStates(devices.filter((device) => device.ring === ring)),
    ),
    counts: countStates(devices),
    halt:
      halt === undefined
        ? undefined
        : {
            cause: halt.cause,
            figures: halt.figures,
            sentence: halt.sentence,
            at: presentInstant(halt.atMs),
          },
    plan: { ...others, ...(quietHours === undefined ? {} : { quietHours: { ...quietHours } }) },
    canGoBack:
      rollout.direction === 'forward' && vendor?.firmware.canGoBack === true
        ? devices.filter(canGoBack).length
        : 0,
    createdAt: presentInstant(rollout.createdAtMs),
    createdBy: rollout.createdBy,
    endedAt: presentOptionalInstant(rollout.endedAtMs),
  };
}

function countStates(devices: readonly DeviceInRollout[]): Rollout['counts'] {
  const counts = Object.fromEntries(deviceStates.map((state) => [state, 0])) as Rollout['counts'];
  for (const { state } of devices) {
    counts[state] += 1;
  }
  return counts;
}

export function presentRolloutDevice(
  device: DeviceInRollout,
  listed: ListedDevice | undefined,
  { files, firmware }: Pick<Facts, 'files' | 'firmware'>,
): RolloutDevice {
  const { mac, ring, state, reason, sinceMs, fromVersion, goal, missingSinceMs } = device;
  const comment = listed?.stored.document.comment;
  const who = [listed?.extension, listed?.users[0]?.name].filter((part) => part !== undefined);
  return {
    mac,
    title: comment ?? (who.length === 0 ? mac : who.join(' ')),
    model: listed === undefined ? undefined : files.modelOf(listed.stored)?.model.name,
    ring,
    state,
    reason,
    since: presentInstant(sinceMs),
    fromVersion,
    goal,
    running: listed === undefined ? undefined : firmware.running.of(listed),
    isRegistered: listed?.binding !== undefined,
    isMissing: missingSinceMs !== undefined,
  };
}
