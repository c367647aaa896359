/** A call record without what it tells of one user: pure. The call itself stays, for the other side. */
import type { CallRecord, LegRecord } from '../../records/call-record.ts';

/** The same record when the user has no part in it. */
export function eraseUser(record: CallRecord, userId: string): CallRecord {
  const { caller, callee, legs } = record;
  const isInvolved =
    caller.userId === userId ||
    callee.userId === userId ||
    legs.some((leg) => leg.userId === userId);
  if (!isInvolved) {
    return record;
  }
  const nobody = { userId: undefined, number: '', name: '' };
  return {
    ...record,
    caller: caller.userId === userId ? nobody : caller,
    callee: callee.userId === userId ? nobody : callee,
    // The steps of the story stay, without the numbers and names that they mention.
    trace: record.trace.map((step) => ({
      ...step,
      facts: Object.fromEntries(
        Object.entries(step.facts).filter(([, fact]) => typeof fact === 'number'),
      ),
    })),
    legs: legs.map((leg) => (leg.userId === userId ? eraseLeg(leg) : leg)),
  };
}

function eraseLeg(leg: LegRecord): LegRecord {
  return {
    ...leg,
    userId: undefined,
    address: '',
    sipCallId: '',
    userAgent: undefined,
    remote: '',
  };
}
