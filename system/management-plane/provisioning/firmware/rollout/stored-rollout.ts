/** A rollout as it is stored and shown: the state of the rules, with whom it is for and by whom. */
import type { Rollout } from '../../../../../provisioning/firmware/rollout/rollout.ts';

/** Which devices; they are looked up once, when the rollout begins. */
export type RolloutTarget =
  | { readonly kind: 'models'; readonly models: readonly string[] }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'devices' };

/** A setting `firmware.label` that the end of the rollout changed, to be put back. */
export interface LabelChange {
  readonly entity: 'device' | 'device-group' | 'device-model';
  readonly id: string;
  /** Of a `device-model`. */
  readonly model?: string | undefined;
  /** Null: it had none. */
  readonly before: string | null;
}

export interface StoredRollout extends Rollout {
  readonly id: string;
  readonly vendor: string;
  readonly label: string;
  readonly setId: string;
  readonly target: RolloutTarget;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly endedAtMs: number | undefined;
  /** What its end writes into the configuration; undefined: not yet known. */
  readonly labelChanges: readonly LabelChange[] | undefined;
  /** It is written. */
  readonly areLabelsWritten: boolean;
}
