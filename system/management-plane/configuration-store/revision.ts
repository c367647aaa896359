/** A revision: one change of the configuration, who made it, when and why. */
import type { EntityName } from '../../configuration/entities/entity-names.ts';
import type { Actor } from '../actor.ts';
import type { OperationKind } from './operation.ts';

/** `pending` waits for its confirmation and reverts by itself; `reverted` was taken back later. */
export type RevisionState = 'active' | 'pending' | 'reverted';

export interface RevisionSummary {
  /** 1 is the first start; every later change counts up by one, without gaps. */
  readonly number: number;
  readonly atMs: number;
  readonly author: Pick<Actor, 'kind' | 'userId' | 'name'>;
  readonly reason: string;
  readonly state: RevisionState;
  /** When a pending revision reverts by itself. */
  readonly confirmUntilMs: number | undefined;
  /** The revision this one takes back. */
  readonly reverts: number | undefined;
  readonly operationCount: number;
  /** The first few operations, by entity: at most `maxTitlesInSummary`. */
  readonly operations: readonly OperationTitle[];
}

export const maxTitlesInSummary = 20;

export interface OperationTitle {
  readonly kind: OperationKind;
  readonly entity: EntityName;
  readonly id: string;
  /** What a person calls it: the user's name and extension. */
  readonly title: string;
}

/** A revision with everything it changed. */
export interface Revision extends RevisionSummary {
  readonly changes: readonly EntityChange[];
}

/** What a revision, or everything between two revisions, did to one entity. */
export interface EntityChange extends OperationTitle {
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  /** Undefined when there was none, and always for secrets. */
  readonly before: unknown;
  readonly after: unknown;
  /** Only that it changed may be told. */
  readonly isSecret: boolean;
}

/** From the state after revision `from` to the state after revision `to`. */
export interface RevisionDiff {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly EntityChange[];
}
