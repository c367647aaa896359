/** A call as lists and records see it: read only. */
import type { CallRef, UserId } from '../../foundation/ids.ts';
import type { ActiveCall } from '../../bus/contract.ts';
import type { TraceStep } from '../../routing/trace.ts';
import type { Leg } from './legs/leg.ts';

export interface CallPartyView {
  readonly userId: UserId | undefined;
  readonly number: string;
  readonly name: string;
}

export interface CallView {
  readonly callRef: CallRef;
  readonly state: ActiveCall['state'] | 'over';
  readonly callerParty: CallPartyView;
  readonly calleeParty: CallPartyView;
  /** The caller's first, then every phone that was rung. */
  readonly legs: readonly Leg[];
  readonly mediaMode: ActiveCall['mediaMode'];
  /** Wall clock. */
  readonly startedAtMs: number;
  readonly answeredAtMs: number | undefined;
  /** The configuration the call was routed with. */
  readonly revision: number;
  readonly trace: readonly TraceStep[];
}
