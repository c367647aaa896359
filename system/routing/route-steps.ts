/** Steps that every part of the dialplan takes: a line of the story, and the refusal of the call. */
import type { Route, TraceEffect } from './route-call.ts';
import type { TraceCode } from './trace.ts';

export function trace(
  code: TraceCode,
  facts: Readonly<Record<string, string | number>>,
): TraceEffect {
  return { kind: 'trace', code, facts };
}

export function* refuse(status: number, reason: string): Route {
  yield trace('call-refused', { status, reason });
  yield { kind: 'refuse', status, reason };
}
