/** The wire form of devices that were rejected. */
import { z } from 'zod';
import { instantSchema, listQuery, pageOf } from '../../wire/list-query.ts';

export const rejectedDevicesQuerySchema = listQuery(
  ['rejectedAt', 'mac', 'vendor', 'rejectedBy', 'lastAsked'],
  'desc',
);

export const rejectedDeviceSchema = z
  .object({
    mac: z.string(),
    /** Id of the vendor, as far as it was known. */
    vendor: z.string().optional(),
    comment: z.string().optional(),
    rejectedAt: instantSchema.optional(),
    rejectedBy: z.string().optional(),
    /** Requests for its files since it was rejected: they got nothing. */
    asked: z.int().min(0),
    lastAskedAt: instantSchema.optional(),
  })
  .meta({ id: 'RejectedDevice' });
export type RejectedDevice = z.infer<typeof rejectedDeviceSchema>;

export const rejectedDevicePageSchema = pageOf(rejectedDeviceSchema).meta({
  id: 'RejectedDevicePage',
});
