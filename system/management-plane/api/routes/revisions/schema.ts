/** The wire form of configuration history: who changed what when, differences, going back. */
import { z } from 'zod';
import { entityNames } from '../../../../configuration/entities/entity-names.ts';
import { instantSchema, listQuery, numberInText, pageOf } from '../../wire/list-query.ts';

const maxRevision = 1e15;

export const revisionParamsSchema = z.strictObject({
  number: numberInText(0, maxRevision),
});

/** On every request that changes the configuration. */
export const changeQuerySchema = z.strictObject({
  /** The change reverts by itself unless it is confirmed within this many seconds. */
  confirmWithinSec: numberInText(10, 86_400).optional(),
  /** Kept with the revision. */
  reason: z.string().max(200).optional(),
});

export const revisionsQuerySchema = listQuery(['number'], 'desc');

export const revisionStates = ['active', 'pending', 'reverted'] as const;
export const operationKinds = ['create', 'update', 'delete'] as const;

export const revisionSchema = z
  .object({
    number: z.int(),
    at: instantSchema,
    author: z.object({
      kind: z.enum(['session', 'token', 'system']),
      userId: z.string(),
      name: z.string(),
    }),
    reason: z.string(),
    state: z.enum(revisionStates),
    /** When a pending revision reverts by itself. */
    confirmUntil: instantSchema.optional(),
    /** The revision that this one takes back. */
    reverts: z.int().optional(),
    /** At most 20 of them in a list; `operationCount` counts all. */
    operations: z.array(
      z.object({
        kind: z.enum(operationKinds),
        entity: z.enum(entityNames),
        id: z.string(),
        title: z.string(),
      }),
    ),
    operationCount: z.int().min(0),
  })
  .meta({ id: 'Revision' });
export type Revision = z.infer<typeof revisionSchema>;

export const revisionPageSchema = pageOf(revisionSchema).meta({ id: 'RevisionPage' });

export const diffQuerySchema = z.strictObject({
  /** The other revision; without it the one before. */
  against: numberInText(0, maxRevision).optional(),
});

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
/** Settings by name, and rows such as keys of a phone. */
const recordSchema = z.record(z.string(), z.unknown());
export const fieldValueSchema = z
  .union([scalarSchema, recordSchema, z.array(z.union([scalarSchema, recordSchema]))])
  .meta({ id: 'FieldValue' });
export type FieldValue = z.infer<typeof fieldValueSchema>;

export const entityChangeSchema = z
  .object({
    kind: z.enum(operationKinds),
    entity: z.enum(entityNames),
    id: z.string(),
    /** What a person calls it: the user's name and extension. */
    title: z.string(),
    fields: z.array(
      z.object({
        field: z.string(),
        /** Missing when there was none, and for secrets. */
        before: fieldValueSchema.optional(),
        after: fieldValueSchema.optional(),
        /** A secret changed: values are not shown. */
        isSecret: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'EntityChange' });
export type EntityChange = z.infer<typeof entityChangeSchema>;

export const diffSchema = z
  .object({
    from: z.int(),
    to: z.int(),
    /** At most 1,000 of them; `total` counts all. */
    changes: z.array(entityChangeSchema),
    total: z.int().min(0),
    /** What entities are called that fields of the changes refer to, by id; those that are gone are missing. */
    names: z.record(z.string(), z.string()),
  })
  .meta({ id: 'RevisionDiff' });
export type RevisionDiff = z.infer<typeof diffSchema>;

export const revertRequestSchema = z
  .strictObject({ reason: z.string().max(200).default('') })
  .meta({ id: 'RevertRequest' });
