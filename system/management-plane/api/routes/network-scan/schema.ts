/** The wire form of a scan of the network for devices. */
import { z } from 'zod';
import { instantSchema } from '../../wire/list-query.ts';

export const foundDeviceSchema = z
  .object({
    mac: z.string(),
    address: z.string(),
    vendor: z.string().optional(),
    /** Those that are as likely, while none of them is told: two families of one maker. */
    possibleVendors: z.array(z.string()),
    model: z.string().optional(),
    firmware: z.string().optional(),
    /** What it told of itself. */
    description: z.string().optional(),
    /** Whether it answered by SIP. */
    speaksSip: z.boolean(),
    /** Whether it is in the list of devices. */
    isKnown: z.boolean(),
    /** Whether it was rejected: it cannot be added before it is allowed again. */
    isRejected: z.boolean(),
  })
  .meta({ id: 'FoundDevice' });
export type FoundDevice = z.infer<typeof foundDeviceSchema>;

export const networkScanSchema = z
  .object({
    /** Ranges that can be offered: the networks the PBX stands in. */
    ranges: z.array(z.string()),
    /** The scan that runs, or the last; missing before the first. */
    scan: z
      .object({
        outcome: z.enum(['running', 'finished', 'cancelled', 'failed']),
        range: z.string(),
        startedBy: z.string(),
        startedAt: instantSchema,
        endedAt: instantSchema.optional(),
        /** Addresses that were asked. */
        checked: z.int().min(0),
        total: z.int().min(0),
        /** Why it failed. */
        problem: z.string().optional(),
        found: z.array(foundDeviceSchema),
        /** Hosts that answered and are no phones or gateways. */
        otherHosts: z.int().min(0),
      })
      .optional(),
  })
  .meta({ id: 'NetworkScan' });
export type NetworkScan = z.infer<typeof networkScanSchema>;

export const networkScanRequestSchema = z
  .strictObject({
    range: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: 'An address, `10.0.0.10-40`, or a network up to a /22.' }),
  })
  .meta({ id: 'NetworkScanRequest' });

export const foundDevicesAddRequestSchema = z
  .strictObject({
    macs: z
      .array(z.string().regex(/^[0-9a-f]{12}$/))
      .min(1)
      .max(1_024),
  })
  .meta({ id: 'FoundDevicesAddRequest' });
