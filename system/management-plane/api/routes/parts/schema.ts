/** The wire form of the daemon's parts: state, figures, log level, restart. */
import { z } from 'zod';
import { logLevels } from '../../../../foundation/logger.ts';
import { instantSchema } from '../../wire/list-query.ts';

export const partParamsSchema = z.strictObject({ name: z.string().min(1).max(64) });

export const partSchema = z
  .object({
    name: z.string(),
    state: z.enum(['starting', 'running', 'degraded', 'stopped', 'failed']),
    /** What an administrator should read; empty when running. */
    detail: z.string(),
    restarts: z.int().min(0),
    since: instantSchema,
    logLevel: z.enum(logLevels),
    canRestart: z.boolean(),
    /** By name with unit: `eventLoopDelayP99Ms`, `portsUsed`. */
    figures: z.record(z.string(), z.number()),
  })
  .meta({ id: 'Part' });
export type Part = z.infer<typeof partSchema>;

export const partsSchema = z.object({ items: z.array(partSchema) }).meta({ id: 'Parts' });
export type Parts = z.infer<typeof partsSchema>;

export const partChangeRequestSchema = z
  .strictObject({ logLevel: z.enum(logLevels) })
  .meta({ id: 'PartChangeRequest' });
