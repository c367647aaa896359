/**
 * What is kept of a call: one record per call, one per leg, written when the call ends. The call
 * plane builds it, the management plane stores and shows it. Times are wall-clock milliseconds.
 */
import type { CallRef, LegRef, UserId } from '../foundation/ids.ts';
import type { MediaStatistics } from '../media-plane/media.ts';
import type { TraceStep } from '../routing/trace.ts';

export type HangupSide = 'caller' | 'callee' | 'system' | 'administrator';

export type CallOutcome = 'answered' | 'busy' | 'no-answer' | 'cancelled' | 'rejected' | 'failed';

/** Quality of one leg's audio; undefined when the media was direct and the PBX cannot know. */
export type LegMedia = MediaStatistics & { readonly codec: string | undefined };

export interface LegRecord {
  readonly legRef: LegRef;
  readonly role: 'caller' | 'callee';
  readonly userId: UserId | undefined;
  /** The SIP URI dialled or calling, without parameters. */
  readonly address: string;
  readonly sipCallId: string;
  readonly userAgent: string | undefined;
  /** `udp 192.0.2.4:5060`, from the flow. */
  readonly remote: string;
  readonly startedAtMs: number;
  readonly ringingAtMs: number | undefined;
  readonly answeredAtMs: number | undefined;
  readonly endedAtMs: number;
  /** The final SIP status of the INVITE; undefined when it was never answered. */
  readonly sipStatus: number | undefined;
  readonly media: LegMedia | undefined;
}

export interface CallRecord {
  readonly callRef: CallRef;
  readonly caller: {
    readonly userId: UserId | undefined;
    readonly number: string;
    readonly name: string;
  };
  /** What was dialled, and who answered. */
  readonly callee: {
    readonly number: string;
    readonly userId: UserId | undefined;
    readonly name: string;
  };
  readonly startedAtMs: number;
  readonly answeredAtMs: number | undefined;
  readonly endedAtMs: number;
  readonly outcome: CallOutcome;
  readonly hangupSide: HangupSide;
  /** Final SIP status the caller got, 200 when answered. */
  readonly sipStatus: number;
  readonly mediaMode: 'anchored' | 'direct' | 'service' | 'none';
  /** The configuration the call was routed with. */
  readonly revision: number;
  readonly trace: readonly TraceStep[];
  readonly legs: readonly LegRecord[];
}
