/** Everything about the firmware of one device: what it runs, shall run, could run, and who disagrees. */
import type { DeviceGroup } from '../../../configuration/entities/device-group.ts';
import type { ListedDevice } from '../directory/listed-device.ts';
import type { DeviceGroupsService } from '../devices/device-groups-service.ts';
import type { DeviceFiles } from '../files/device-files.ts';
import type { Firmware } from './firmware.ts';
import type { FirmwareTarget } from './firmware-offer.ts';
import { firmwareLabelVariable, imageFor, type FirmwareImage } from './library/firmware-set.ts';

/** A group of the device and the label that it gives. */
export interface GroupLabel {
  readonly group: string;
  readonly label: string;
}

export interface ResolvedDeviceFirmware {
  readonly running: string | undefined;
  readonly target: FirmwareTarget | undefined;
  /** Only when labels of groups differ: the last one counts. */
  readonly conflict: readonly GroupLabel[];
  readonly newer: FirmwareImage | undefined;
  readonly rolloutId: string | undefined;
  /** Active images for the model. */
  readonly choices: readonly FirmwareImage[];
}

export interface FirmwareSources {
  readonly firmware: Firmware;
  readonly files: Pick<DeviceFiles, 'modelOf' | 'resolveSettings'>;
  readonly groups: Pick<DeviceGroupsService, 'all'>;
}

/** Rejects as the settings of the device cannot be resolved. */
export async function resolveDeviceFirmware(
  device: ListedDevice,
  services: FirmwareSources,
): Promise<ResolvedDeviceFirmware> {
  const { firmware, files, groups } = services;
  const { stored } = device;
  const running = firmware.running.of(device);
  const conflict = findConflict(
    stored.document.groups,
    new Map((await groups.all()).map(({ id, document }) => [id, document])),
  );
  const rolloutId = firmware.rollouts.placeOf(stored.id)?.rolloutId;
  const known = files.modelOf(stored);
  if (known === undefined) {
    return { running, target: undefined, conflict, newer: undefined, rolloutId, choices: [] };
  }
  const { resolved } = await files.resolveSettings(stored);
  const { vendor, model } = known;
  const target = firmware.offer.targetOf({
    mac: stored.id,
    vendor,
    model,
    running,
    settings: resolved,
  });
  const choices = firmware.library
    .list()
    .filter((set) => set.isActive && set.vendor === vendor.data.id)
    .flatMap((set) => imageFor(set, model.id, 'application') ?? []);
  return {
    running,
    target,
    conflict,
    newer: firmware.newerFor(device, known),
    rolloutId,
    choices,
  };
}

function findConflict(
  ids: readonly string[],
  groups: ReadonlyMap<string, DeviceGroup>,
): readonly GroupLabel[] {
  const labels = ids.flatMap((id): GroupLabel[] => {
    const group = groups.get(id);
    const label = group?.settings[firmwareLabelVariable];
    return group !== undefined && typeof label === 'string' && label !== ''
      ? [{ group: group.name, label }]
      : [];
  });
  return new Set(labels.map(({ label }) => label)).size > 1 ? labels : [];
}
