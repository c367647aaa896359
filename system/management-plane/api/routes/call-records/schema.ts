/** The wire form of finished calls: the list, and one call with legs, quality and story. */
import { z } from 'zod';
import { instantSchema, listQuery, pageOf } from '../../wire/list-query.ts';
import { mediaModes, mediaStatisticsSchema } from '../calls/schema.ts';

export const callOutcomes = [
  'answered',
  'busy',
  'no-answer',
  'cancelled',
  'rejected',
  'failed',
] as const;

const filters = {
  /** Narrows the rows; words in numbers and names. */
  search: z.string().max(100).optional(),
  /** Calls that began at this instant or later. */
  from: instantSchema.optional(),
  /** Calls that began before this instant. */
  to: instantSchema.optional(),
  /** Number or name, on either side. */
  party: z.string().max(100).optional(),
  outcome: z.enum(callOutcomes).optional(),
};

export const callRecordsQuerySchema = listQuery(
  ['startedAt', 'durationSec', 'callerNumber', 'calleeNumber', 'outcome'],
  'desc',
).extend(filters);
export type CallRecordsQuery = z.infer<typeof callRecordsQuerySchema>;

export const callRecordsExportQuerySchema = z.strictObject(filters);

export const callRecordSummarySchema = z
  .object({
    callRef: z.string(),
    callerNumber: z.string(),
    callerName: z.string(),
    calleeNumber: z.string(),
    calleeName: z.string(),
    startedAt: instantSchema,
    answeredAt: instantSchema.optional(),
    endedAt: instantSchema,
    /** From answer to end; 0 when never answered. */
    durationSec: z.number(),
    outcome: z.enum(callOutcomes),
    /** `service`: the callee's name is that of a service. */
    mediaMode: z.enum(mediaModes),
    /** The worse of the legs' estimates; missing when unknown. */
    mos: z.number().optional(),
  })
  .meta({ id: 'CallRecordSummary' });
export type CallRecordSummary = z.infer<typeof callRecordSummarySchema>;

export const callRecordPageSchema = pageOf(callRecordSummarySchema).meta({ id: 'CallRecordPage' });

const legSchema = z.object({
  legRef: z.string(),
  role: z.enum(['caller', 'callee']),
  userId: z.string().optional(),
  address: z.string(),
  sipCallId: z.string(),
  userAgent: z.string().optional(),
  remote: z.string(),
  startedAt: instantSchema,
  ringingAt: instantSchema.optional(),
  answeredAt: instantSchema.optional(),
  endedAt: instantSchema,
  sipStatus: z.int().optional(),
  codec: z.string().optional(),
  /** Missing when the audio went directly between the phones. */
  media: mediaStatisticsSchema.optional(),
});

export const callRecordSchema = callRecordSummarySchema
  .extend({
    callerUserId: z.string().optional(),
    calleeUserId: z.string().optional(),
    hangupSide: z.enum(['caller', 'callee', 'system', 'administrator']),
    /** Final SIP status the caller got. */
    sipStatus: z.int(),
    /** The configuration the call was routed with. */
    revision: z.int(),
    /** The story: a code with facts per step; the language tables hold the sentences. */
    trace: z.array(
      z.object({
        /** Milliseconds since the call began. */
        atMs: z.number(),
        code: z.string(),
        facts: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
    legs: z.array(legSchema),
  })
  .meta({ id: 'CallRecord' });
export type CallRecordDetail = z.infer<typeof callRecordSchema>;

/** What an account sees of an own call: nothing of the phones of others, nothing of the routing. */
export const ownCallRecordSchema = callRecordSchema
  .pick({ hangupSide: true, sipStatus: true, legs: true })
  .extend(callRecordSummarySchema.shape)
  .meta({ id: 'OwnCallRecord' });
export type OwnCallRecord = z.infer<typeof ownCallRecordSchema>;

export const callsByHourSchema = z
  .object({
    /** The last 24 hours by the clock, the running one included; the first first. */
    items: z.array(
      z.object({
        at: instantSchema,
        answered: z.int(),
        /** However else they ended. */ missed: z.int(),
      }),
    ),
  })
  .meta({ id: 'CallsByHour' });
export type CallsByHour = z.infer<typeof callsByHourSchema>;
