/** The wire form of registrations: where each user's devices are reached now (RFC 3261 §10). */
import { z } from 'zod';
import { instantSchema, listQuery, pageOf } from '../../wire/list-query.ts';

export const registrationsQuerySchema = listQuery([
  'userName',
  'extension',
  'remoteAddress',
  'userAgent',
  'registeredAt',
  'expiresAt',
]).extend({ userId: z.string().max(64).optional() });

export const registrationSchema = z
  .object({
    userId: z.string(),
    userName: z.string(),
    extension: z.string().optional(),
    /** The contact URI as the device gave it: hostile text. */
    contact: z.string(),
    protocol: z.enum(['udp', 'tcp', 'tls']),
    remoteAddress: z.string(),
    remotePort: z.int(),
    userAgent: z.string(),
    /** 0 to 1. */
    q: z.number(),
    registeredAt: instantSchema,
    expiresAt: instantSchema,
  })
  .meta({ id: 'Registration' });
export type Registration = z.infer<typeof registrationSchema>;

export const registrationPageSchema = pageOf(registrationSchema).meta({ id: 'RegistrationPage' });
