/** A site of phones that the test plays, with a staged rollout of firmware to it. */
import { assignRings } from '../../../provisioning/firmware/rollout/assign-rings.ts';
import {
  decideRollout,
  type AudioObservation,
  type DeviceObservation,
} from '../../../provisioning/firmware/rollout/decide-rollout.ts';
import type {
  Rollout,
  RolloutDevice,
  RolloutPlan,
} from '../../../provisioning/firmware/rollout/rollout.ts';

const minuteMs = 60_000;
export const oldVersion = '86.0.0.70';
export const newVersion = '86.0.0.118';

const plan: RolloutPlan = {
  quietHours: undefined,
  comeBackMin: 20,
  watchMin: 30,
  atOnce: 10,
  lostPercent: 5,
  mosDrop: 0.3,
  minimumCalls: 5,
};

/** What each phone runs, whether it is registered; told ones update when the test says so. */
export class Site {
  rollout: Rollout;
  nowMs = 0;
  audio: AudioObservation = { before: undefined, after: undefined };
  readonly told: string[] = [];
  readonly phones = new Map<
    string,
    { -readonly [Name in keyof DeviceObservation]: DeviceObservation[Name] }
  >();

  constructor(count: number, changes: Partial<RolloutPlan> = {}) {
    const macs = Array.from({ length: count }, (_, index) =>
      (0x001565000000 + index).toString(16).padStart(12, '0'),
    );
    const places = assignRings(
      macs.map((mac) => ({ mac, isRegistered: true })),
      { seed: 'seed', isStaged: true },
    );
    this.rollout = {
      plan: { ...plan, ...changes },
      direction: 'forward',
      state: 'running',
      ring: 0,
      halt: undefined,
      audioFromMs: 0,
      devices: places.map(({ mac, ring }) => newDevice(mac, ring)),
    };
    for (const mac of macs) {
      this.phones.set(mac, {
        isThere: true,
        isRegistered: true,
        isInCall: false,
        version: oldVersion,
        localMinute: 12 * 60,
      });
    }
  }

  phone(mac: string) {
    const phone = this.phones.get(mac);
    if (phone === undefined) {
      throw new Error(`no phone ${mac}`);
    }
    return phone;
  }

  look(): readonly string[] {
    const { rollout, tell } = decideRollout(this.rollout, {
      observe: (mac) => this.phone(mac),
      audio: this.audio,
      isSame: (a, b) => a === b,
      nowMs: this.nowMs,
    });
    // What is stored is all that counts: as after a restart.
    this.rollout = JSON.parse(JSON.stringify(rollout)) as Rollout;
    this.told.push(...tell);
    return tell;
  }

  pass(minutes: number): readonly string[] {
    this.nowMs += minutes * minuteMs;
    return this.look();
  }

  /** Told phones come back with what they were told to run. */
  update(macs: readonly string[], version = newVersion): void {
    for (const mac of macs) {
      this.phone(mac).version = version;
    }
  }

  ring(ring: number): string[] {
    return this.rollout.devices.filter((device) => device.ring === ring).map(({ mac }) => mac);
  }

  stateOf(mac: string): string {
    const { state, reason } = this.device(mac);
    return reason === undefined ? state : `${state} ${reason}`;
  }

  device(mac: string): RolloutDevice {
    const device = this.rollout.devices.find((candidate) => candidate.mac === mac);
    if (device === undefined) {
      throw new Error(`no device ${mac}`);
    }
    return device;
  }
}

function newDevice(mac: string, ring: number): RolloutDevice {
  return {
    mac,
    ring,
    state: 'waiting',
    reason: undefined,
    attempts: 0,
    sinceMs: 0,
    fromVersion: oldVersion,
    goal: newVersion,
    backLabel: 'old',
    updatedAtMs: undefined,
    missingSinceMs: undefined,
    isExcused: false,
  };
}
