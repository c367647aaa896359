/**
 * A staged rollout of a firmware image as the rules see it: what was planned, how far it is, and what
 * became of each device. Everything in it is stored; nothing else decides.
 */

/** Local minutes of the day, 0 to 1439; `fromMin` after `toMin` spans midnight. */
export interface QuietHours {
  readonly fromMin: number;
  /** Not in it any more. */
  readonly toMin: number;
}

export interface RolloutPlan {
  /** Devices update themselves only then, by their own clock; undefined: at any time. */
  readonly quietHours: QuietHours | undefined;
  /** So long after it was told a device must be registered with the new version. */
  readonly comeBackMin: number;
  /** So long the devices of a ring are watched before the next one begins. */
  readonly watchMin: number;
  /** So many devices update at once. */
  readonly atOnce: number;
  /** More lost devices of those updated halt the rollout. */
  readonly lostPercent: number;
  /** A larger fall of the mean opinion score halts it; 0 to 3.5. */
  readonly mosDrop: number;
  /** Fewer calls before or after say nothing. */
  readonly minimumCalls: number;
}

export const deviceStates = ['waiting', 'told', 'updated', 'failed', 'skipped'] as const;
/**
 * - `waiting`: has not been told
 * - `told`: was told to update and has not shown the version yet
 * - `updated`: registered with the version
 * - `failed`: did not come back, or not with the version
 * - `skipped`: needs nothing, or nothing can be done
 */
export type RolloutDeviceState = (typeof deviceStates)[number];

export const deviceReasons = [
  'not-back',
  'old-version',
  'refused',
  'already',
  'gone',
  'offline',
  'no-way-back',
  'untouched',
] as const;
export type RolloutDeviceReason = (typeof deviceReasons)[number];

export interface RolloutDevice {
  readonly mac: string;
  /** From 0. */
  readonly ring: number;
  readonly state: RolloutDeviceState;
  readonly reason: RolloutDeviceReason | undefined;
  /** How often it was told. */
  readonly attempts: number;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  /** What it ran before; undefined when nobody knew. */
  readonly fromVersion: string | undefined;
  /** What it shall run now. */
  readonly goal: string;
  /** Label of the set that takes it back to what it ran before. */
  readonly backLabel: string | undefined;
  /** When it showed the new version. */
  readonly updatedAtMs: number | undefined;
  /** Since when it is updated, and not registered. */
  readonly missingSinceMs: number | undefined;
  /** An administrator went on in spite of what happened to it. */
  readonly isExcused: boolean;
}

export const rolloutStates = [
  'running',
  'halted',
  'completed',
  'cancelled',
  'rolled-back',
] as const;
export type RolloutState = (typeof rolloutStates)[number];

export const haltCauses = ['administrator', 'lost', 'audio'] as const;
type HaltCause = (typeof haltCauses)[number];

/** What a halt rests on: enough to say it in any language. */
export type HaltFigures =
  | { readonly cause: 'administrator'; readonly name: string }
  | {
      readonly cause: 'lost';
      /** From 1. */
      readonly step: number;
      /** Devices that were told to update and are at an end. */
      readonly tried: number;
      /** Of them, all that are lost; the sum of the following. */
      readonly lost: number;
      readonly missing: number;
      readonly notBack: number;
      readonly oldVersion: number;
      readonly refused: number;
    }
  | {
      readonly cause: 'audio';
      readonly mosBefore: number;
      readonly callsBefore: number;
      readonly mosAfter: number;
      readonly callsAfter: number;
    };

export interface Halt {
  readonly cause: HaltCause;
  /** Missing in what earlier versions stored. */
  readonly figures?: HaltFigures;
  /** The same in one English sentence. */
  readonly sentence: string;
  readonly atMs: number;
}

export interface Rollout {
  readonly plan: RolloutPlan;
  /** `back`: updated devices return to what they ran before. */
  readonly direction: 'forward' | 'back';
  readonly state: RolloutState;
  /** Devices of this and lower rings may update. */
  readonly ring: number;
  readonly halt: Halt | undefined;
  /** Calls before that do not count any more: an administrator went on in spite of them. */
  readonly audioFromMs: number;
  /** In the order in which they are told. */
  readonly devices: readonly RolloutDevice[];
}

export function isOpen({ state }: Pick<Rollout, 'state'>): boolean {
  return state === 'running' || state === 'halted';
}
