/** The wire form of calls in progress and of what their audio is like at this moment. */
import { z } from 'zod';
import { instantSchema, numberInText } from '../../wire/list-query.ts';

export const callRefParamsSchema = z.strictObject({ callRef: z.string().min(1).max(64) });

export const callsQuerySchema = z.strictObject({
  /** The oldest calls first; the answer says how many there are. */
  limit: numberInText(1, 200).default(200),
});

export const mediaModes = ['anchored', 'direct', 'service', 'none'] as const;

export const activeCallSchema = z
  .object({
    callRef: z.string(),
    state: z.enum(['routing', 'calling', 'ringing', 'answered']),
    callerNumber: z.string(),
    callerName: z.string(),
    calleeNumber: z.string(),
    calleeName: z.string(),
    startedAt: instantSchema,
    answeredAt: instantSchema.optional(),
    mediaMode: z.enum(mediaModes),
    legs: z.array(
      z.object({
        legRef: z.string(),
        role: z.enum(['caller', 'callee']),
        userId: z.string().optional(),
        /** A SIP URI: hostile text. */
        address: z.string(),
        remote: z.string(),
        codec: z.string().optional(),
        onHold: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ActiveCall' });
export type ActiveCall = z.infer<typeof activeCallSchema>;

export const activeCallsSchema = z
  .object({ items: z.array(activeCallSchema), total: z.int().min(0) })
  .meta({ id: 'ActiveCalls' });
export type ActiveCalls = z.infer<typeof activeCallsSchema>;

/** Figures of one leg's audio; a missing one is unknown, not zero. */
export const mediaStatisticsSchema = z
  .object({
    packetsReceived: z.number(),
    packetsSent: z.number(),
    bytesReceived: z.number(),
    bytesSent: z.number(),
    packetsLost: z.number().optional(),
    jitterMs: z.number().optional(),
    remotePacketsLost: z.number().optional(),
    remoteJitterMs: z.number().optional(),
    roundTripMs: z.number().optional(),
    /** 1.0 to 4.5. */
    mos: z.number().optional(),
    payloadType: z.number().optional(),
    packetsFromStrangers: z.number(),
    silentForMs: z.number().optional(),
  })
  .meta({ id: 'MediaStatistics' });
export type MediaStatistics = z.infer<typeof mediaStatisticsSchema>;

export const callMediaSchema = z
  .object({ legs: z.array(z.object({ legRef: z.string(), media: mediaStatisticsSchema })) })
  .meta({ id: 'CallMedia' });
export type CallMedia = z.infer<typeof callMediaSchema>;
