/**
 * A call record out of the journal. The checksum says that the bytes are what the call plane wrote;
 * this says that they have the shape which the tables need, also after an upgrade in between.
 */
import { z } from 'zod';
import type { CallRecord } from '../../records/call-record.ts';

const atMs = z.number();
const party = z.object({
  userId: z.string().optional(),
  number: z.string(),
  name: z.string(),
});

const leg = z.object({
  legRef: z.string(),
  role: z.enum(['caller', 'callee']),
  userId: z.string().optional(),
  address: z.string(),
  sipCallId: z.string(),
  userAgent: z.string().optional(),
  remote: z.string(),
  startedAtMs: atMs,
  ringingAtMs: atMs.optional(),
  answeredAtMs: atMs.optional(),
  endedAtMs: atMs,
  sipStatus: z.number().optional(),
  media: z.looseObject({ mos: z.number().nullish() }).optional(),
});

const callRecord = z.object({
  callRef: z.string().min(1),
  caller: party,
  callee: party,
  startedAtMs: atMs,
  answeredAtMs: atMs.optional(),
  endedAtMs: atMs,
  outcome: z.enum(['answered', 'busy', 'no-answer', 'cancelled', 'rejected', 'failed']),
  hangupSide: z.enum(['caller', 'callee', 'system', 'administrator']),
  sipStatus: z.number(),
  mediaMode: z.enum(['anchored', 'direct', 'service', 'none']),
  revision: z.number(),
  trace: z.array(
    z.object({
      atMs,
      code: z.string(),
      facts: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  legs: z.array(leg),
});

/** Undefined when the text is no call record. */
export function parseCallRecord(text: string): CallRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const result = callRecord.safeParse(value);
  return result.success ? (result.data as unknown as CallRecord) : undefined;
}
