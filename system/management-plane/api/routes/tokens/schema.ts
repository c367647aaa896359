/** The wire form of tokens: what programs authenticate with. The value is told once. */
import { z } from 'zod';
import { instantSchema } from '../../wire/list-query.ts';
import { userRoles } from '../../../../configuration/entities/user.ts';

export const tokenParamsSchema = z.strictObject({ id: z.string().min(1).max(64) });

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(userRoles),
    /** The account that made it, for which it acts. */
    userId: z.string(),
    createdAt: instantSchema,
    lastUsedAt: instantSchema.optional(),
    expiresAt: instantSchema.optional(),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof tokenSchema>;

export const tokensSchema = z.object({ items: z.array(tokenSchema) }).meta({ id: 'Tokens' });

export const tokenCreateRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(60),
    role: z.enum(userRoles),
    /** Without it the token does not expire. */
    expiresInDays: z.int().min(1).max(3650).optional(),
  })
  .meta({ id: 'TokenCreateRequest' });
export type TokenCreateRequest = z.infer<typeof tokenCreateRequestSchema>;

export const createdTokenSchema = tokenSchema
  .extend({
    /** Shown once, never again: goes into `Authorization: Bearer …`. */
    value: z.string(),
  })
  .meta({ id: 'CreatedToken' });
export type CreatedToken = z.infer<typeof createdTokenSchema>;
