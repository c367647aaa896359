/** What rollouts say of a device and of a set while they decide: pure. */
import { isOpen } from '../../../../../provisioning/firmware/rollout/rollout.ts';
import type { FirmwareSet } from '../library/firmware-set.ts';
import type { StoredRollout } from './stored-rollout.ts';

/** What a rollout says of one device. */
export interface RolloutPlace {
  readonly rolloutId: string;
  /** Of the set that it gets, or got. */
  readonly label: string;
  /** It shall fetch it now. */
  readonly isTold: boolean;
}

/** By MAC, of rollouts that decide. */
export function placeDevices(
  rollouts: readonly StoredRollout[],
): ReadonlyMap<string, RolloutPlace> {
  const places = new Map<string, RolloutPlace>();
  for (const rollout of rollouts) {
    // Until its end is written, it still decides: else devices would fall back in between.
    if (!isOpen(rollout) && rollout.areLabelsWritten) {
      continue;
    }
    const { id, label, direction, state } = rollout;
    for (const device of rollout.devices) {
      if (device.state === 'skipped' && direction === 'back') {
        continue;
      }
      places.set(device.mac, {
        rolloutId: id,
        label: direction === 'back' ? (device.backLabel ?? label) : label,
        isTold: state === 'running' && device.state === 'told',
      });
    }
  }
  return places;
}

/** Whether an open rollout gives the set to devices or would take them back to it. */
export function isSetInUse(
  { vendor, label }: Pick<FirmwareSet, 'vendor' | 'label'>,
  rollouts: readonly StoredRollout[],
): boolean {
  return rollouts.some(
    (rollout) =>
      isOpen(rollout) &&
      rollout.vendor === vendor &&
      (rollout.label === label || rollout.devices.some(({ backLabel }) => backLabel === label)),
  );
}
