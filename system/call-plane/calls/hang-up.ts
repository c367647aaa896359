/** How calls end: what the record says of it, and what each phone is told. */
import type { CallOutcome, HangupSide } from '../../records/call-record.ts';
import type { RingResult } from '../../routing/route-call.ts';
import type { HeaderLines } from '../sip/messages/header-fields.ts';
import type { CalleeLeg } from './legs/callee-leg.ts';
import type { CallerLeg } from './legs/caller-leg.ts';
import { cause, causeForStatus, q850Reason } from './reason.ts';

export interface Ending {
  readonly outcome: CallOutcome;
  readonly side: HangupSide;
  /** The Reason that phones get. */
  readonly headers: HeaderLines;
  /** What the caller is answered while its INVITE is open. */
  readonly status: number;
  readonly reason?: string | undefined;
}

/** The dialplan refuses the call; `result`: how ringing ended, undefined when nothing rang. */
export function toRefusal(
  status: number,
  reason: string | undefined,
  result: RingResult | undefined,
): Ending {
  return { ...toOutcome(result), headers: [q850Reason(toCause(status, result))], status, reason };
}

/**
 * Refuses the caller's open INVITE with `refusal`, or sends it a BYE; `callee` has answered in either
 * case and gets one.
 */
export function hangUpLegs(
  caller: CallerLeg,
  callee: CalleeLeg | undefined,
  { headers, reason }: Ending,
  refusal: number | undefined,
): void {
  if (refusal === undefined) {
    caller.hangUp(headers);
  } else {
    caller.reject(refusal, reason, headers);
  }
  callee?.hangUp(headers);
}

function toCause(status: number, result: RingResult | undefined): number {
  if (status === 480 && (result === undefined || result.kind === 'not-registered')) {
    return cause.subscriberAbsent;
  }
  if (result?.kind === 'no-answer') {
    return result.isAlerted ? cause.noAnswer : cause.noUserResponding;
  }
  return causeForStatus(status);
}

function toOutcome(result: RingResult | undefined): {
  readonly outcome: CallOutcome;
  readonly side: HangupSide;
} {
  switch (result?.kind) {
    case 'busy':
      return { outcome: 'busy', side: 'callee' };
    case 'no-answer':
      return { outcome: 'no-answer', side: 'system' };
    case 'rejected':
      return { outcome: 'rejected', side: 'callee' };
    case 'answered':
    case 'failed':
    case 'redirected':
    case 'not-registered':
    case undefined:
      return { outcome: 'failed', side: 'system' };
  }
}
