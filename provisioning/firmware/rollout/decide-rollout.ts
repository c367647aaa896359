/**
 * The rules of a staged rollout: state, what is seen of the devices and the time → next state and
 * whom to tell. Pure; asked again and again, so that a restart in between loses nothing.
 *
 *     waiting ──told──► told ──registered with the version──► updated
 *        ▲               │
 *        └─ once more ───┴── too late ──► failed
 */
import { createHalt } from './create-halt.ts';
import { isQuiet } from './quiet-hours.ts';
import {
  type Halt,
  isOpen,
  type Rollout,
  type RolloutDevice,
  type RolloutDeviceReason,
} from './rollout.ts';

export interface DeviceObservation {
  /** Still in the list of devices. */
  readonly isThere: boolean;
  readonly isRegistered: boolean;
  readonly isInCall: boolean;
  /** What it runs; undefined: it did not tell. */
  readonly version: string | undefined;
  /** By the clock of the device, 0 to 1439. */
  readonly localMinute: number;
}

/** Mean opinion scores of calls of updated devices. */
export interface AudioObservation {
  readonly before: AudioMean | undefined;
  readonly after: AudioMean | undefined;
}

export interface AudioMean {
  readonly calls: number;
  /** 1 to 4.5 */
  readonly mos: number;
}

export interface RolloutFacts {
  readonly observe: (mac: string) => DeviceObservation;
  readonly audio: AudioObservation;
  /** Whether two versions of the vendor are the same. */
  readonly isSame: (a: string, b: string) => boolean;
  readonly nowMs: number;
}

export interface RolloutDecision {
  readonly rollout: Rollout;
  /** Devices to be told now; they are `told` in the rollout already. */
  readonly tell: readonly string[];
}

/** A device that is told is told at most so often. */
const maximumAttempts = 2;
/** Phones register again after a restart of the PBX, a switch or themselves. */
export const missingGraceMs = 120_000;
const minuteMs = 60_000;

export function decideRollout(before: Rollout, facts: RolloutFacts): RolloutDecision {
  if (!isOpen(before)) {
    return { rollout: before, tell: [] };
  }
  let rollout: Rollout = {
    ...before,
    devices: before.devices.map((device) => followDevice(device, before, facts)),
  };
  if (rollout.state === 'halted') {
    return { rollout, tell: [] };
  }
  const halt = rollout.direction === 'forward' ? findHalt(rollout, facts) : undefined;
  if (halt !== undefined) {
    return { rollout: { ...rollout, state: 'halted', halt }, tell: [] };
  }
  while (isRingDone(rollout, facts)) {
    const lastRing = Math.max(...rollout.devices.map(({ ring }) => ring), 0);
    if (rollout.ring >= lastRing) {
      return { rollout: complete(rollout, facts.nowMs), tell: [] };
    }
    rollout = { ...rollout, ring: rollout.ring + 1 };
  }
  return tellDevices(rollout, facts);
}

/** What happened to one device since the last look. */
function followDevice(
  device: RolloutDevice,
  { plan }: Rollout,
  { observe, isSame, nowMs }: RolloutFacts,
): RolloutDevice {
  const { isThere, isRegistered, version } = observe(device.mac);
  const hasGoal = version !== undefined && isSame(version, device.goal);
  if (!isThere) {
    return device.state === 'skipped' ? device : enter(device, 'skipped', nowMs, 'gone');
  }
  switch (device.state) {
    case 'skipped':
      return device;
    case 'waiting':
      return hasGoal && device.attempts === 0
        ? enter(device, 'skipped', nowMs, 'already')
        : hasGoal && isRegistered
          ? toUpdated(device, nowMs)
          : device;
    case 'told': {
      if (hasGoal && isRegistered) {
        return toUpdated(device, nowMs);
      }
      if (nowMs - device.sinceMs < plan.comeBackMin * minuteMs) {
        return device;
      }
      if (isRegistered && device.attempts < maximumAttempts) {
        return enter(device, 'waiting', nowMs);
      }
      return enter(device, 'failed', nowMs, isRegistered ? 'old-version' : 'not-back');
    }
    case 'failed':
      return hasGoal && isRegistered ? toUpdated(device, nowMs) : device;
    case 'updated': {
      if (isRegistered && version !== undefined && !hasGoal) {
        return enter(device, 'failed', nowMs, 'old-version');
      }
      if (isRegistered) {
        return device.missingSinceMs === undefined
          ? device
          : { ...device, missingSinceMs: undefined };
      }
      return device.missingSinceMs === undefined ? { ...device, missingSinceMs: nowMs } : device;
    }
  }
}

/** Why the rollout must not go on: devices are lost, or sound worse. */
function findHalt({ devices, plan, ring }: Rollout, facts: RolloutFacts): Halt | undefined {
  const { nowMs, audio } = facts;
  const counted = devices.filter(({ isExcused }) => !isExcused);
  const tried = counted.filter(({ state }) => state === 'updated' || state === 'failed');
  const failed = tried.filter(({ state }) => state === 'failed');
  const missing = tried.filter(
    ({ state, missingSinceMs }) =>
      state === 'updated' &&
      missingSinceMs !== undefined &&
      nowMs - missingSinceMs >= missingGraceMs,
  );
  const lost = failed.length + missing.length;
  if (lost > 0 && lost * 100 > plan.lostPercent * tried.length) {
    const because = (reason: RolloutDeviceReason): number =>
      failed.filter((device) => device.reason === reason).length;
    const figures = {
      cause: 'lost',
      step: ring + 1,
      tried: tried.length,
      lost,
      missing: missing.length,
      notBack: because('not-back'),
      oldVersion: because('old-version'),
      refused: because('refused'),
    } as const;
    return createHalt(figures, nowMs);
  }
  const { before, after } = audio;
  if (
    before !== undefined &&
    after !== undefined &&
    before.calls >= plan.minimumCalls &&
    after.calls >= plan.minimumCalls &&
    before.mos - after.mos > plan.mosDrop
  ) {
    const figures = {
      cause: 'audio',
      mosBefore: before.mos,
      callsBefore: before.calls,
      mosAfter: after.mos,
      callsAfter: after.calls,
    } as const;
    return createHalt(figures, nowMs);
  }
  return undefined;
}

/** The next ring begins only behind devices that came back with the version and were watched. */
function isRingDone({ devices, ring, plan, direction }: Rollout, facts: RolloutFacts): boolean {
  const begun = devices.filter((device) => device.ring <= ring);
  const isWaitedFor = ({ state, mac }: RolloutDevice): boolean =>
    state === 'told' ||
    // On the way back nobody is left behind; forward, who cannot be reached holds nobody up.
    (state === 'waiting' && (direction === 'back' || facts.observe(mac).isRegistered));
  if (begun.some(isWaitedFor)) {
    return false;
  }
  const updated = begun.filter(({ state }) => state === 'updated');
  const isProven =
    direction === 'back' ||
    updated.length > 0 ||
    begun.every(({ state }) => state === 'skipped' || state === 'failed');
  if (!isProven) {
    return false;
  }
  const lastMs = Math.max(0, ...updated.map(({ updatedAtMs }) => updatedAtMs ?? 0));
  const isWatched = facts.nowMs - lastMs >= plan.watchMin * minuteMs;
  return direction === 'back' || updated.length === 0 || isWatched;
}

function complete(rollout: Rollout, nowMs: number): Rollout {
  return {
    ...rollout,
    state: rollout.direction === 'back' ? 'rolled-back' : 'completed',
    devices: rollout.devices.map((device) =>
      device.state === 'waiting' ? enter(device, 'skipped', nowMs, 'offline') : device,
    ),
  };
}

function tellDevices(rollout: Rollout, { observe, nowMs }: RolloutFacts): RolloutDecision {
  const { plan, ring } = rollout;
  let free = plan.atOnce - rollout.devices.filter(({ state }) => state === 'told').length;
  const tell: string[] = [];
  const devices = rollout.devices.map((device) => {
    if (device.state !== 'waiting' || device.ring > ring || free <= 0) {
      return device;
    }
    const { isRegistered, isInCall, localMinute } = observe(device.mac);
    if (!isRegistered || isInCall || !isQuiet(plan.quietHours, localMinute)) {
      return device;
    }
    free -= 1;
    tell.push(device.mac);
    return { ...enter(device, 'told', nowMs), attempts: device.attempts + 1 };
  });
  return { rollout: { ...rollout, devices }, tell };
}

function toUpdated(device: RolloutDevice, nowMs: number): RolloutDevice {
  return { ...enter(device, 'updated', nowMs), updatedAtMs: nowMs };
}

function enter(
  device: RolloutDevice,
  state: RolloutDevice['state'],
  nowMs: number,
  reason?: RolloutDeviceReason,
): RolloutDevice {
  return { ...device, state, reason, sinceMs: nowMs, missingSinceMs: undefined };
}
