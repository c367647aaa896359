/** The wire form of what devices write to the log. */
import { z } from 'zod';
import { instantSchema, maxPageSize, numberInText, pageOf } from '../../wire/list-query.ts';

/** From the most to the least important (RFC 5424). */
export const logSeveritySchema = z.enum([
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
]);
export type LogSeverity = z.infer<typeof logSeveritySchema>;

export const deviceLogParamsSchema = z.strictObject({
  mac: z.string().regex(/^[0-9a-f]{12}$/),
});

export const deviceLogFilterSchema = z.strictObject({
  search: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Words that occur in program, host or text.' }),
  severity: logSeveritySchema
    .default('debug')
    .meta({ description: 'The least important lines that are told.' }),
});

export const deviceLogQuerySchema = deviceLogFilterSchema.extend({
  page: numberInText(1, 1_000_000).default(1),
  pageSize: numberInText(1, maxPageSize).default(100),
});

export const deviceLogLineSchema = z
  .object({
    id: z.int(),
    /** When it came here. */
    at: instantSchema,
    severity: logSeveritySchema,
    /** RFC 5424 §6.2.1. */
    facility: z.int().min(0).max(23),
    /** The device's own time, as it wrote it. */
    stamp: z.string().optional(),
    host: z.string().optional(),
    app: z.string().optional(),
    /** May be of several lines; without any other control character. */
    text: z.string(),
  })
  .meta({ id: 'DeviceLogLine' });
export type DeviceLogLine = z.infer<typeof deviceLogLineSchema>;

export const deviceLogSchema = pageOf(deviceLogLineSchema)
  .extend({
    /** Where logs are received now; missing while they are not. */
    port: z.int().optional(),
  })
  .meta({ id: 'DeviceLog' });
export type DeviceLog = z.infer<typeof deviceLogSchema>;
