/** The wire form of DECT systems, their bases and handsets. Browser-safe. */
import { z } from 'zod';
import {
  dectBaseSchema,
  dectSystemEntity,
  type DectSystem as SystemDocument,
} from '../../../../configuration/entities/dect-system.ts';
import {
  dectHandsetEntity,
  dectHandsetId,
} from '../../../../configuration/entities/dect-handset.ts';
import { answerShape, changeShape, createShape } from '../../wire/entity-schema.ts';
import { instantSchema, listQuery, numberInText, pageOf } from '../../wire/list-query.ts';
import { plannedRowsFields } from '../../wire/import-preview.ts';

/** How many handsets one request may name. */
export const maxBulkHandsets = 1_000;

const systemFields = dectSystemEntity.fields;
const handsetFields = dectHandsetEntity.fields;
const mac = z.string().regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits in lower case');
const entityId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const handsetId = z.string().regex(dectHandsetId, 'is no id of a handset');

const flagInText = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

/** A kind of DECT base, as the data of its vendor describes it. */
export const dectModelSchema = z
  .object({
    vendor: z.string(),
    vendorName: z.string(),
    model: z.string(),
    name: z.string(),
    /** Of one base alone. */
    handsets: z.int(),
    /** At once, through one base alone. */
    calls: z.int(),
    /** The same in a system of several bases. */
    callsInSystem: z.int(),
    /** Of one system; 1: it works alone only. */
    bases: z.int(),
    systemHandsets: z.int(),
    /** How it begins to take new handsets: told in its file, or at the base itself. */
    opensBy: z.enum(['file', 'hand']),
    /** How a handset that was deleted leaves it. */
    removesBy: z.enum(['file', 'hand']),
    /** Handsets and headsets that it knows. */
    handsetModels: z.array(z.string()),
  })
  .meta({ id: 'DectModel' });
export type DectModel = z.infer<typeof dectModelSchema>;

export const dectModelListSchema = z
  .object({ items: z.array(dectModelSchema) })
  .meta({ id: 'DectModelList' });

export const dectBaseParamsSchema = z.strictObject({ mac });

/** A DECT base in the list of devices. */
export const listedDectBaseSchema = z
  .object({
    mac: z.string(),
    comment: z.string().optional(),
    vendor: z.string(),
    model: z.string(),
    /** The system it belongs to. */
    system: z.object({ id: z.string(), name: z.string() }).optional(),
  })
  .meta({ id: 'ListedDectBase' });
export type ListedDectBase = z.infer<typeof listedDectBaseSchema>;

export const dectBaseListSchema = z
  .object({ items: z.array(listedDectBaseSchema) })
  .meta({ id: 'DectBaseList' });

const warningSchema = z.object({
  code: z.enum([
    'no-bases',
    'unknown-model',
    'missing-device',
    'too-many-handsets',
    'nearly-full',
    'too-many-bases',
    'weak-signal',
    'single-source',
    'many-levels',
  ]),
  /** The base it is about. */
  mac: z.string().optional(),
  count: z.int().optional(),
  limit: z.int().optional(),
  signalDbm: z.int().optional(),
});
export type DectWarning = z.infer<typeof warningSchema>;

const systemBaseSchema = dectBaseSchema.extend({
  isDataMaster: z.boolean(),
  /** Level in the planned tree, 1 is the first. */
  level: z.int().optional(),
  /** False: it is no longer in the list of devices. */
  isDevice: z.boolean(),
  comment: z.string().optional(),
  vendor: z.string().optional(),
  model: z.string().optional(),
  firmware: z.string().optional(),
  address: z.string().optional(),
  lastSeenAt: instantSchema.optional(),
  /** Handsets registered through it now; it is green when there are any. */
  registeredHandsets: z.int(),
});
export type DectSystemBase = z.infer<typeof systemBaseSchema>;

export const dectSystemSchema = z
  .object({
    id: z.string(),
    ...answerShape(systemFields, ['name', 'comment', 'dataMaster', 'sync', 'chainId']),
    bases: z.array(systemBaseSchema),
    hasAccessCode: z.boolean(),
    handsets: z.int(),
    registeredHandsets: z.int(),
    unassignedHandsets: z.int(),
    /** What the models can carry; missing where that is not known. */
    capacity: z.object({
      handsets: z.int().optional(),
      bases: z.int().optional(),
      calls: z.int().optional(),
    }),
    warnings: z.array(warningSchema),
    /** New handsets are taken until then. */
    openUntil: instantSchema.optional(),
    /** How the data master begins to take new handsets; missing while its model is not known. */
    opensBy: z.enum(['file', 'hand']).optional(),
    removesBy: z.enum(['file', 'hand']).optional(),
    version: z.int(),
  })
  .meta({ id: 'DectSystem' });
export type DectSystem = z.infer<typeof dectSystemSchema>;

export const dectSystemParamsSchema = z.strictObject({ id: entityId });
export const dectSystemsQuerySchema = listQuery(['name', 'handsets', 'bases']);
export const dectSystemPageSchema = pageOf(dectSystemSchema).meta({ id: 'DectSystemPage' });

export const dectSystemsRequestSchema = z
  .strictObject({ ids: z.array(entityId).min(1).max(100) })
  .meta({ id: 'DectSystemsRequest' });

/** Four digits, typed on the handset. */
const accessCode = z.string().regex(/^\d{4}$/, 'must be four digits');

export const dectSystemCreateRequestSchema = z
  .strictObject({
    ...createShape(systemFields, ['name', 'comment', 'bases', 'dataMaster', 'sync', 'chainId']),
    /** A random one when missing. */
    accessCode: accessCode.optional(),
  })
  .meta({ id: 'DectSystemCreateRequest' });

export const dectSystemChangeRequestSchema = z
  .strictObject({
    ...changeShape(systemFields, ['name', 'comment', 'bases', 'dataMaster', 'sync', 'chainId']),
    accessCode: accessCode.optional(),
  })
  .meta({ id: 'DectSystemChangeRequest' });

export const dectOpenRequestSchema = z
  .strictObject({ minutes: z.int().min(1).max(60).default(15) })
  .meta({ id: 'DectOpenRequest' });

const syncOutcome = z.enum([
  'accepted',
  'refused',
  'no-answer',
  'not-registered',
  'in-call',
  'unknown-vendor',
]);

export const dectOpenedSchema = z
  .object({
    openUntil: instantSchema,
    /** Whether the base was told; otherwise it learns it when it next asks for its file. */
    sync: syncOutcome,
  })
  .meta({ id: 'DectOpened' });

export const dectClosedSchema = z
  .object({
    /** Missing when the system was not open. */
    sync: syncOutcome.optional(),
  })
  .meta({ id: 'DectClosed' });

export const dectAccessCodeSchema = z
  .object({
    /** To be typed on the handset. Missing when it cannot be read with this key file. */
    accessCode: z.string().optional(),
  })
  .meta({ id: 'DectAccessCode' });

export const dectHandsetSchema = z
  .object({
    id: z.string(),
    system: z.object({ id: z.string(), name: z.string().optional() }),
    ...answerShape(handsetFields, ['place', 'name', 'ipui', 'model']),
    /** The same identity as it stands on the label. */
    ipei: z.string().optional(),
    user: z
      .object({ id: z.string(), name: z.string(), extension: z.string().optional() })
      .optional(),
    /** Of the user; `loginX` while it is unassigned. */
    extension: z.string().optional(),
    /** `away`: it was registered before; `expected`: nothing was heard of it yet. */
    state: z.enum(['registered', 'away', 'expected']),
    lastSeenAt: instantSchema.optional(),
    /** Through which it is registered, where its address tells. */
    base: z.object({ mac: z.string(), name: z.string().optional() }).optional(),
    version: z.int(),
  })
  .meta({ id: 'DectHandset' });
export type DectHandset = z.infer<typeof dectHandsetSchema>;

export const dectHandsetParamsSchema = z.strictObject({ id: handsetId });
export const dectHandsetPageSchema = pageOf(dectHandsetSchema).meta({ id: 'DectHandsetPage' });

export const dectHandsetsQuerySchema = listQuery([
  'place',
  'name',
  'extension',
  'ipui',
  'model',
  'state',
  'system',
]).extend({
  /** Only handsets of this system. */
  system: z.string().max(64).optional(),
  /** Only handsets of this user. */
  userId: z.string().max(64).optional(),
  assigned: flagInText,
  state: z.enum(['registered', 'away', 'expected']).optional(),
});

export const dectMembersQuerySchema = z.strictObject({
  page: numberInText(1, 1_000_000).default(1),
  pageSize: numberInText(1, 200).default(50),
});

/** IPUI with 10 hexadecimal digits, or IPEI with 13 digits as on the label; blanks do not count. */
const identity = z.string().min(10).max(24);

export const dectHandsetsCreateRequestSchema = z
  .strictObject({
    system: entityId,
    handsets: z
      .array(
        z.strictObject({
          ...createShape(handsetFields, ['name', 'model', 'user']),
          /** The next free one when missing. */
          place: handsetFields.place.schema.optional(),
          /** Missing: the next handset that subscribes takes the place. */
          ipui: identity.optional(),
        }),
      )
      .min(1)
      .max(maxBulkHandsets),
  })
  .meta({ id: 'DectHandsetsCreateRequest' });

export const dectHandsetsCreatedSchema = z
  .object({ ids: z.array(z.string()), revision: z.int() })
  .meta({ id: 'DectHandsetsCreated' });

export const dectHandsetChangeRequestSchema = z
  .strictObject({
    ...changeShape(handsetFields, ['system', 'place', 'name', 'model', 'user']),
    ipui: identity.nullable().optional(),
  })
  .meta({ id: 'DectHandsetChangeRequest' });

export const dectHandsetsAssignRequestSchema = z
  .strictObject({
    assignments: z
      .array(
        z.strictObject({
          id: handsetId,
          /** Null makes it unassigned. */
          user: entityId.nullable(),
        }),
      )
      .min(1)
      .max(maxBulkHandsets),
  })
  .meta({ id: 'DectHandsetsAssignRequest' });

export const dectHandsetsRequestSchema = z
  .strictObject({ ids: z.array(handsetId).min(1).max(maxBulkHandsets) })
  .meta({ id: 'DectHandsetsRequest' });

export const dectChangedSchema = z
  .object({ changed: z.int().min(0), revision: z.int() })
  .meta({ id: 'DectChanged' });

/** CSV with a heading line, RFC 4180: place, ipui (or ipei), name, model, extension. */
export const dectHandsetsCsvSchema = z.string().min(1);

export const dectImportPreviewSchema = z
  .object({
    /** Give it to the import; valid for 15 minutes. Missing with any issue, or nothing to do. */
    importId: z.string().optional(),
    created: z.int().min(0),
    updated: z.int().min(0),
    ...plannedRowsFields(['create', 'update', 'error']),
  })
  .meta({ id: 'DectImportPreview' });
export type DectImportPreview = z.infer<typeof dectImportPreviewSchema>;

export const dectImportRequestSchema = z
  .strictObject({ importId: z.string().min(1).max(64) })
  .meta({ id: 'DectImportRequest' });

export const dectImportedSchema = z
  .object({ created: z.int().min(0), updated: z.int().min(0), revision: z.int() })
  .meta({ id: 'DectImported' });

export type DectSyncKind = SystemDocument['sync'];
