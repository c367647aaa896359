/** The wire form of users. Passwords go in, never out, except freshly generated ones, once. */
import { z } from 'zod';
import { listQuery, pageOf } from '../../list-query.ts';
import { problemIssueSchema } from '../../problem.ts';
import { roles } from '../../permission.ts';

/** How many users one bulk request may name. */
export const maxBulkUsers = 10_000;

const userFields = {
  role: z.enum(roles),
  name: z.string(),
  login: z.string().optional(),
  extension: z.string().optional(),
  sipUsername: z.string().optional(),
  aliases: z.array(z.string()),
  email: z.string().optional(),
  mobilePhone: z.string().optional(),
  department: z.string().optional(),
  language: z.enum(['en', 'it']),
  enabled: z.boolean(),
};

export const userParamsSchema = z.strictObject({ id: z.string().min(1).max(64) });

export const usersQuerySchema = listQuery([
  'name',
  'extension',
  'login',
  'email',
  'department',
  'role',
]).extend({ role: z.enum(roles).optional() });
export type UsersQuery = z.infer<typeof usersQuerySchema>;

export const userSchema = z
  .object({
    id: z.string(),
    ...userFields,
    hasWebPassword: z.boolean(),
    hasSipPassword: z.boolean(),
    /** The revision that last changed the user; the same as in the ETag. */
    version: z.int(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof userSchema>;

export const userPageSchema = pageOf(userSchema).meta({ id: 'UserPage' });

const passwordChoiceSchema = z.union([
  z.strictObject({ value: z.string().min(1).max(256) }),
  z.strictObject({ generate: z.literal(true) }),
]);

/** Which passwords to set; left out stays as it is. */
export const passwordsSchema = z
  .strictObject({ web: passwordChoiceSchema.optional(), sip: passwordChoiceSchema.optional() })
  .meta({ id: 'Passwords' });
export type Passwords = z.infer<typeof passwordsSchema>;

/** Generated passwords: told in this one answer and never again. */
export const generatedPasswordsSchema = z
  .object({ userId: z.string(), web: z.string().optional(), sip: z.string().optional() })
  .meta({ id: 'GeneratedPasswords' });
export type GeneratedPasswords = z.infer<typeof generatedPasswordsSchema>;
