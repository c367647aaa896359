/** The wire form of redirection services: accounts, and which device is registered where. */
import { z } from 'zod';
import {
  redirectionSecretNames,
  redirectionServiceEntity,
  redirectionServiceNames,
} from '../../../../configuration/entities/redirection-service.ts';
import { answerShape, changeShape } from '../../wire/entity-schema.ts';
import { instantSchema } from '../../wire/list-query.ts';

const plainFields = [
  'enabled',
  'automatic',
  'address',
  'account',
  'clientId',
  'organisation',
  'site',
  'linkDays',
  'authority',
] as const;

export const redirectionServiceNameSchema = z.enum(redirectionServiceNames);

export const redirectionServiceParamsSchema = z.strictObject({
  service: redirectionServiceNameSchema,
});

const accountFieldSchema = z.enum([
  'account',
  'password',
  'clientId',
  'clientSecret',
  'organisation',
  'site',
]);

export const redirectionServiceSchema = z
  .object({
    service: redirectionServiceNameSchema,
    /** As its vendor calls it. */
    name: z.string(),
    /** Whose devices it serves; missing: those of all. */
    vendor: z.string().optional(),
    ...answerShape(redirectionServiceEntity.fields, plainFields),
    /** Used when no address is set; missing where there is none for everybody. */
    defaultAddress: z.string().optional(),
    /** Secrets that have a value. */
    secrets: z.array(z.enum(redirectionSecretNames)),
    /** Without these it cannot work. */
    needs: z.array(accountFieldSchema),
    knows: z.array(accountFieldSchema),
    needsSerial: z.boolean(),
    /** False: it leads to the address that is set in its own pages. */
    carriesUrl: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'RedirectionService' });
export type RedirectionService = z.infer<typeof redirectionServiceSchema>;

export const redirectionServiceListSchema = z
  .object({ items: z.array(redirectionServiceSchema) })
  .meta({ id: 'RedirectionServiceList' });

const secretSchema = z.string().min(1).max(200).nullable().optional();

export const redirectionServiceChangeRequestSchema = z
  .strictObject({
    ...changeShape(redirectionServiceEntity.fields, plainFields),
    password: secretSchema,
    clientSecret: secretSchema,
  })
  .meta({ id: 'RedirectionServiceChangeRequest' });

export const redirectionTestSchema = z
  .object({ detail: z.string() })
  .meta({ id: 'RedirectionTest' });

export const redirectionSchema = z
  .object({
    service: redirectionServiceNameSchema,
    mac: z.string(),
    wish: z.enum(['registered', 'removed']),
    state: z.enum(['waiting', 'registered', 'removed', 'failed']),
    /** In words, of the last attempt. */
    error: z.string().optional(),
    attempts: z.int().min(0),
    /** When it is tried or renewed by itself. */
    nextAt: instantSchema.optional(),
    changedAt: instantSchema,
    /** The address that the service hands out works until then; missing: it has none that works. */
    addressUntil: instantSchema.optional(),
    serial: z.string().optional(),
  })
  .meta({ id: 'Redirection' });
export type Redirection = z.infer<typeof redirectionSchema>;

export const redirectionListSchema = z
  .object({ items: z.array(redirectionSchema) })
  .meta({ id: 'RedirectionList' });

export const redirectionQuerySchema = z.strictObject({
  service: redirectionServiceNameSchema.optional(),
  mac: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
});

const macSchema = z.string().regex(/^[0-9a-f]{12}$/);

export const redirectionRequestSchema = z
  .strictObject({
    service: redirectionServiceNameSchema,
    wish: z.enum(['registered', 'removed']),
    macs: z.array(macSchema).min(1).max(5_000),
    /** By MAC, for services that want them. */
    serials: z.record(macSchema, z.string().regex(/^[A-Za-z0-9-]{4,40}$/)).optional(),
  })
  .meta({ id: 'RedirectionRequest' });

export const portalSyncSchema = z
  .object({
    /** Devices that the portal assigned to this PBX. */
    assigned: z.int().min(0),
    /** Those that are new in the list. */
    added: z.array(z.string()),
  })
  .meta({ id: 'PortalSync' });
