/** The wire form of blocked addresses: at which door, why, until when. */
import { z } from 'zod';
import { instantSchema } from '../../wire/list-query.ts';

/** Where an address is turned away: SIP messages, or logins to WMS. */
export const blockDoors = ['sip', 'web'] as const;

export const blockReasons = [
  'failed-authentications',
  'unanswered-challenges',
  'malformed-messages',
  'message-rate',
  'extreme-message-rate',
  'register-rate',
  'invite-rate',
  'ack-rate',
  'options-rate',
  'subscribe-rate',
  'attack-tool',
  'failed-logins',
] as const;

export const blockedAddressesSchema = z
  .object({
    items: z.array(
      z.object({
        door: z.enum(blockDoors),
        /** At the door `web` of IPv6 the first 64 bits. */
        address: z.string(),
        reason: z.enum(blockReasons),
        /** Missing where it is not known. */
        since: instantSchema.optional(),
        until: instantSchema,
      }),
    ),
    /** More than the items when there are very many. */
    total: z.int(),
  })
  .meta({ id: 'BlockedAddresses' });
export type BlockedAddresses = z.infer<typeof blockedAddressesSchema>;

export const blockParamsSchema = z.strictObject({
  door: z.enum(blockDoors),
  address: z.string().max(64),
});
