/** The wire form of users. Passwords go in, never out, except freshly generated ones, once. */
import { z } from 'zod';
import { userEntity, userRoles } from '../../../../configuration/entities/user.ts';
import { answerShape, changeShape, createShape } from '../../wire/entity-schema.ts';
import { listQuery, pageOf } from '../../wire/list-query.ts';
import { plannedRowsFields } from '../../wire/import-preview.ts';
import { changeQuerySchema } from '../revisions/schema.ts';

/** How many users one bulk request may name. */
export const maxBulkUsers = 10_000;

/** Every field of the entity but its secrets. */
export const publicUserFields = [
  'name',
  'extension',
  'role',
  'login',
  'sipUsername',
  'aliases',
  'email',
  'mobilePhone',
  'department',
  'language',
  'enabled',
  'mustChangePassword',
] as const;

const userId = z.string().min(1).max(64);

export const userParamsSchema = z.strictObject({ id: userId });

export const usersQuerySchema = listQuery([
  'extension',
  'name',
  'login',
  'email',
  'department',
  'role',
]).extend({ role: z.enum(userRoles).optional() });

export const userSchema = z
  .object({
    id: z.string(),
    ...answerShape(userEntity.fields, publicUserFields),
    hasWebPassword: z.boolean(),
    hasSipPassword: z.boolean(),
    /** How many phones of the user are registered now. */
    registeredPhones: z.int().min(0),
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

/** Which passwords to set; one that is left out stays as it is. */
const passwordChoices = {
  web: passwordChoiceSchema.optional(),
  sip: passwordChoiceSchema.optional(),
};

/** Without `passwords` strong ones are generated and told in the answer. */
export const userCreateRequestSchema = z
  .strictObject({
    ...createShape(userEntity.fields, publicUserFields),
    passwords: z.strictObject(passwordChoices).optional(),
  })
  .meta({ id: 'UserCreateRequest' });

/** Only the fields that are named change; null removes the value of an optional one. */
export const userChangeRequestSchema = z
  .strictObject(changeShape(userEntity.fields, publicUserFields))
  .meta({ id: 'UserChangeRequest' });

/** Generated passwords: told in this one answer and never again. */
export const generatedPasswordsSchema = z
  .object({
    userId: z.string(),
    /** Of the user, so that the list of passwords can be handed out. */
    name: z.string(),
    extension: z.string().optional(),
    web: z.string().optional(),
    sip: z.string().optional(),
  })
  .meta({ id: 'GeneratedPasswords' });
export type GeneratedPasswords = z.infer<typeof generatedPasswordsSchema>;

export const createdUserSchema = z
  .object({ user: userSchema, generated: generatedPasswordsSchema })
  .meta({ id: 'CreatedUser' });
export type CreatedUser = z.infer<typeof createdUserSchema>;

const userIds = z.array(userId).min(1).max(maxBulkUsers);

/** The same change to many: all of them or, with any issue, none. */
export const usersChangeRequestSchema = z
  .strictObject({ ids: userIds, changes: userChangeRequestSchema })
  .meta({ id: 'UsersChangeRequest' });

export const usersDeleteRequestSchema = z
  .strictObject({
    ids: userIds,
    /** Also erases what is kept of their calls. */
    erasePersonalData: z.boolean().default(false),
  })
  .meta({ id: 'UsersDeleteRequest' });

export const userDeleteQuerySchema = changeQuerySchema.extend({
  /** Also erases what is kept of the user's calls. */
  erasePersonalData: z.enum(['true', 'false']).default('false'),
});

/** How many users a bulk request changed, and by which revision. */
export const usersChangedSchema = z
  .object({ changed: z.int().min(0), revision: z.int() })
  .meta({ id: 'UsersChanged' });
export type UsersChanged = z.infer<typeof usersChangedSchema>;

export const setPasswordsRequestSchema = z
  .strictObject({ ids: userIds, ...passwordChoices })
  .refine((request) => request.web !== undefined || request.sip !== undefined, {
    message: 'Name the passwords to set: web, sip or both.',
    params: { code: 'missing' },
  })
  .meta({ id: 'SetPasswordsRequest' });
export type SetPasswordsRequest = z.infer<typeof setPasswordsRequestSchema>;

export const passwordsSetSchema = z
  .object({
    /** One per user; without values where the passwords were given. */
    items: z.array(generatedPasswordsSchema),
    revision: z.int(),
  })
  .meta({ id: 'PasswordsSet' });
export type PasswordsSet = z.infer<typeof passwordsSetSchema>;

/**
 * CSV with a heading line, RFC 4180. Column `devices` has the MACs of the user's phones, separated by
 * spaces or semicolons: they are added, or assigned where they are unassigned; `device_model` is the
 * model that is expected of them.
 */
export const usersCsvSchema = z.string().min(1);

export const csvImportPreviewSchema = z
  .object({
    /** Give it to the import; valid for 15 minutes. Missing with any issue, or nothing to do. */
    importId: z.string().optional(),
    created: z.int().min(0),
    updated: z.int().min(0),
    unchanged: z.int().min(0),
    /** Phones of column `devices` that come into the list. */
    devicesAdded: z.int().min(0),
    /** Those that are in the list already and get their user, or another model. */
    devicesChanged: z.int().min(0),
    ...plannedRowsFields(['create', 'update', 'unchanged', 'error']),
  })
  .meta({ id: 'CsvImportPreview' });
export type CsvImportPreview = z.infer<typeof csvImportPreviewSchema>;

export const csvImportRequestSchema = z
  .strictObject({ importId: z.string().min(1).max(64) })
  .meta({ id: 'CsvImportRequest' });

/** Passwords that are hashed and to be hashed: what an import spends its time on. */
export const csvImportProgressSchema = z
  .object({ isRunning: z.boolean(), done: z.int().min(0), total: z.int().min(0) })
  .meta({ id: 'CsvImportProgress' });
export type CsvImportProgress = z.infer<typeof csvImportProgressSchema>;

export const csvImportedSchema = z
  .object({
    created: z.int().min(0),
    updated: z.int().min(0),
    devicesAdded: z.int().min(0),
    devicesChanged: z.int().min(0),
    revision: z.int(),
    /** Passwords generated for new users whose row had none. */
    generated: z.array(generatedPasswordsSchema),
  })
  .meta({ id: 'CsvImported' });
export type CsvImported = z.infer<typeof csvImportedSchema>;
