/** What administrators, and failed attempts to tell a device, do to a rollout. Pure. */
import { type Halt, isOpen, type Rollout, type RolloutDevice } from './rollout.ts';

/** Undefined: nothing runs that could be halted. */
export function haltRollout(rollout: Rollout, halt: Halt): Rollout | undefined {
  return rollout.state === 'running' ? { ...rollout, state: 'halted', halt } : undefined;
}

/**
 * Goes on in spite of what halted it: devices that are lost do not count any more, nor the calls so
 * far. Undefined: it is not halted.
 */
export function resumeRollout(rollout: Rollout, nowMs: number): Rollout | undefined {
  if (rollout.state !== 'halted') {
    return undefined;
  }
  return {
    ...rollout,
    state: 'running',
    halt: undefined,
    audioFromMs: nowMs,
    devices: rollout.devices.map((device) =>
      device.state === 'failed' || device.missingSinceMs !== undefined
        ? { ...device, isExcused: true }
        : device,
    ),
  };
}

/** Ends it: who is updated stays so, nobody else is told. Undefined: it has ended already. */
export function cancelRollout(rollout: Rollout, nowMs: number): Rollout | undefined {
  if (!isOpen(rollout)) {
    return undefined;
  }
  return {
    ...rollout,
    state: 'cancelled',
    halt: undefined,
    devices: rollout.devices.map((device) =>
      device.state === 'waiting' || device.state === 'told'
        ? skip(device, nowMs, 'untouched')
        : device,
    ),
  };
}

/** Whether a device was touched and there is an image that takes it back. */
export function canGoBack({ state, backLabel, fromVersion }: RolloutDevice): boolean {
  const isTouched = state === 'updated' || state === 'told' || state === 'failed';
  return isTouched && backLabel !== undefined && fromVersion !== undefined;
}

/** Turns round: devices that were touched return to what they ran. Undefined: there is none. */
export function rollBack(rollout: Rollout, nowMs: number): Rollout | undefined {
  if (rollout.direction === 'back' || !rollout.devices.some(canGoBack)) {
    return undefined;
  }
  return {
    ...rollout,
    direction: 'back',
    state: 'running',
    ring: 0,
    halt: undefined,
    devices: rollout.devices.map((device) => {
      if (canGoBack(device) && device.fromVersion !== undefined) {
        return {
          ...device,
          ring: 0,
          state: 'waiting',
          reason: undefined,
          attempts: 0,
          sinceMs: nowMs,
          goal: device.fromVersion,
          missingSinceMs: undefined,
          isExcused: false,
        };
      }
      const isUntouched = device.state === 'waiting' || device.state === 'skipped';
      return skip({ ...device, ring: 0 }, nowMs, isUntouched ? 'untouched' : 'no-way-back');
    }),
  };
}

/** The device could not be told: it waits again, and counts as tried unless it was in a call. */
export function noteUntold(
  rollout: Rollout,
  mac: string,
  outcome: 'in-call' | 'not-registered' | 'refused',
  nowMs: number,
): Rollout {
  return {
    ...rollout,
    devices: rollout.devices.map((device): RolloutDevice => {
      if (device.mac !== mac || device.state !== 'told') {
        return device;
      }
      if (outcome !== 'refused') {
        const attempts = Math.max(0, device.attempts - 1);
        return { ...device, state: 'waiting', attempts, sinceMs: nowMs };
      }
      return device.attempts < 3
        ? { ...device, state: 'waiting', sinceMs: nowMs }
        : { ...device, state: 'failed', reason: 'refused', sinceMs: nowMs };
    }),
  };
}

function skip(
  device: RolloutDevice,
  nowMs: number,
  reason: NonNullable<RolloutDevice['reason']>,
): RolloutDevice {
  return { ...device, state: 'skipped', reason, sinceMs: nowMs, missingSinceMs: undefined };
}
