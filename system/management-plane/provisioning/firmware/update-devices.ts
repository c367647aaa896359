/**
 * "Update firmware" of the list of devices: the newest image for each, now, a few at a time. One
 * rollout without rings for each set that is needed.
 */
import type { Actor } from '../../actor.ts';
import type { DevicesService } from '../devices/devices-service.ts';
import type { DeviceFiles } from '../files/device-files.ts';
import type { Firmware } from './firmware.ts';
import { FirmwareError, type FirmwareIssue } from './library/firmware-error.ts';
import type { StoredRollout } from './rollout/stored-rollout.ts';

interface UpdatingServices {
  readonly devices: Pick<DevicesService, 'require'>;
  readonly files: Pick<DeviceFiles, 'modelOf'>;
  readonly firmware: Firmware;
}

/** Rejects with FirmwareError `conflict` when one of them has nothing newer. */
export async function updateDevices(
  actor: Actor,
  macs: readonly string[],
  address: string,
  { devices, files, firmware }: UpdatingServices,
): Promise<readonly StoredRollout[]> {
  const bySet = new Map<string, string[]>();
  const issues: FirmwareIssue[] = [];
  for (const mac of new Set(macs)) {
    const device = devices.require(mac);
    const image = firmware.newerFor(device, files.modelOf(device.stored));
    if (image === undefined) {
      const message = `there is no newer firmware for ${mac}`;
      issues.push({ path: mac, code: 'not-possible', message });
    } else if (firmware.rollouts.placeOf(mac) !== undefined) {
      const message = `${mac} is being updated already`;
      issues.push({ path: mac, code: 'not-possible', message });
    } else {
      bySet.set(image.set.id, [...(bySet.get(image.set.id) ?? []), mac]);
    }
  }
  if (issues.length > 0) {
    throw new FirmwareError('conflict', 'Some of the devices cannot be updated.', issues);
  }
  const rollouts: StoredRollout[] = [];
  for (const [setId, chosen] of bySet) {
    rollouts.push(
      await firmware.rollouts.begin(
        actor,
        {
          setId,
          target: { kind: 'devices', macs: chosen },
          first: undefined,
          isStaged: false,
          plan: {
            quietHours: undefined,
            comeBackMin: 20,
            watchMin: 0,
            atOnce: 10,
            lostPercent: 20,
            mosDrop: 0.5,
            minimumCalls: 10,
          },
        },
        address,
      ),
    );
  }
  return rollouts;
}
