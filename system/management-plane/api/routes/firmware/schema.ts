/** The wire form of the firmware library and of rollouts. Browser-safe. */
import { z } from 'zod';
import { imageKinds } from '../../../../../provisioning/firmware/image-kind.ts';
import {
  deviceReasons,
  deviceStates,
  haltCauses,
  rolloutStates,
} from '../../../../../provisioning/firmware/rollout/rollout.ts';
import { instantSchema, numberInText } from '../../wire/list-query.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{16}$/);
const vendor = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is not a vendor');
const model = z.string().min(1).max(40);
const mac = z.string().regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits in lower case');
const label = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w. ()+-]{0,39}$/,
    'must be 1 to 40 letters, digits, spaces and . _ - + ( )',
  );

export const firmwareFileSchema = z
  .object({
    id: z.string(),
    kind: z.enum(imageKinds),
    fileName: z.string(),
    /** Ids of models. */
    models: z.array(z.string()),
    version: z.string(),
    sha256: z.string(),
    sizeBytes: z.int(),
    /** The hash that the uploader gave, and that was right. */
    verifiedBy: z.enum(['sha256', 'sha512']).optional(),
    /** What said for which models it is. */
    recognisedBy: z.enum(['header', 'name', 'administrator']),
    uploadedAt: instantSchema,
    uploadedBy: z.string(),
    /** Its bytes are not on the disk any more. */
    isMissing: z.boolean(),
  })
  .meta({ id: 'FirmwareFile' });

export const firmwareSetSchema = z
  .object({
    id: z.string(),
    vendor: z.string(),
    vendorName: z.string(),
    label: z.string(),
    /** Devices may get it; then it cannot be changed or deleted. */
    isActive: z.boolean(),
    notes: z.string(),
    createdAt: instantSchema,
    createdBy: z.string(),
    files: z.array(firmwareFileSchema),
    /** Devices of its models. */
    devices: z.int().min(0),
    /** Those of them that run an older version. */
    outdated: z.int().min(0),
  })
  .meta({ id: 'FirmwareSet' });
export type FirmwareSet = z.infer<typeof firmwareSetSchema>;

export const firmwareSetListSchema = z
  .object({ items: z.array(firmwareSetSchema) })
  .meta({ id: 'FirmwareSetList' });

export const firmwareSetParamsSchema = z.strictObject({ id });
export const firmwareFileParamsSchema = z.strictObject({ id, fileId: id });

export const firmwareUploadQuerySchema = z.strictObject({
  fileName: z.string().min(1).max(200),
  /** Needed when the file does not say it. */
  vendor: vendor.optional(),
  /** Ids with commas between; needed when the file does not say it. */
  models: z
    .string()
    .max(2_000)
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(model).max(100))
    .optional(),
  /** As devices report it; needed when the file does not say it. */
  version: z
    .string()
    .regex(/^\d[\w.-]{0,39}$/, 'must begin with a digit')
    .optional(),
  kind: z.enum(imageKinds).optional(),
  /** Of the set that takes the file; the version when missing. */
  label: label.optional(),
  /** SHA-256 or SHA-512 that the vendor publishes, hexadecimal. */
  hash: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^(?:[0-9a-f]{64}|[0-9a-f]{128})$/, 'must be a SHA-256 or SHA-512 in hexadecimal digits')
    .optional(),
});

export const firmwareSetChangeRequestSchema = z
  .strictObject({
    label: label.optional(),
    notes: z.string().max(10_000).optional(),
    isActive: z.boolean().optional(),
  })
  .meta({ id: 'FirmwareSetChangeRequest' });

const minuteOfDay = z.int().min(0).max(1_439);

export const rolloutPlanSchema = z
  .strictObject({
    /** Devices update only then, by their own clock; minutes of the day. */
    quietHours: z.strictObject({ fromMin: minuteOfDay, toMin: minuteOfDay }).optional(),
    /** So long after it was told a device must be registered with the new version. */
    comeBackMin: z.int().min(1).max(240).default(20),
    /** So long devices of a ring are watched before the next begins. */
    watchMin: z.int().min(0).max(10_080).default(30),
    /** So many devices update at once. */
    atOnce: z.int().min(1).max(200).default(10),
    /** More lost devices of those updated halt the rollout. */
    lostPercent: z.int().min(0).max(100).default(5),
    /** A larger fall of the mean opinion score halts it. */
    mosDrop: z.number().min(0.1).max(3.5).default(0.3),
    /** Fewer calls before or after say nothing. */
    minimumCalls: z.int().min(1).max(1_000).default(10),
  })
  .meta({ id: 'RolloutPlan' });

const targetSchemas = {
  models: z.strictObject({ kind: z.literal('models'), models: z.array(model).min(1).max(100) }),
  group: z.strictObject({ kind: z.literal('group'), group: z.string().min(1).max(64) }),
};

export const rolloutCreateRequestSchema = z
  .strictObject({
    setId: id,
    target: z.discriminatedUnion('kind', [
      targetSchemas.models,
      targetSchemas.group,
      z.strictObject({ kind: z.literal('devices'), macs: z.array(mac).min(1).max(1_000) }),
    ]),
    /** The device of the first ring; chosen by itself when missing. */
    first: mac.optional(),
    /** One device, a tenth, all; otherwise all at once. */
    isStaged: z.boolean().default(true),
    plan: rolloutPlanSchema.prefault({}),
  })
  .meta({ id: 'RolloutCreateRequest' });
export type RolloutCreateRequest = z.input<typeof rolloutCreateRequestSchema>;

const counts = z.object({
  waiting: z.int(),
  told: z.int(),
  updated: z.int(),
  failed: z.int(),
  skipped: z.int(),
});

/** What a halt rests on. */
const haltFiguresSchema = z.discriminatedUnion('cause', [
  z.object({ cause: z.literal('administrator'), name: z.string() }),
  z.object({
    cause: z.literal('lost'),
    /** From 1. */
    step: z.int(),
    /** Devices that were told to update and are at an end. */
    tried: z.int(),
    /** All of them that are lost, the sum of the following. */
    lost: z.int(),
    missing: z.int(),
    notBack: z.int(),
    oldVersion: z.int(),
    refused: z.int(),
  }),
  z.object({
    cause: z.literal('audio'),
    mosBefore: z.number(),
    callsBefore: z.int(),
    mosAfter: z.number(),
    callsAfter: z.int(),
  }),
]);

export const rolloutSchema = z
  .object({
    id: z.string(),
    vendor: z.string(),
    vendorName: z.string(),
    label: z.string(),
    setId: z.string(),
    target: z.discriminatedUnion('kind', [
      targetSchemas.models,
      targetSchemas.group.extend({ name: z.string() }),
      z.strictObject({ kind: z.literal('devices') }),
    ]),
    state: z.enum(rolloutStates),
    /** `back`: devices return to what they ran before. */
    direction: z.enum(['forward', 'back']),
    /** From 0. */
    ring: z.int(),
    rings: z.array(counts),
    counts,
    halt: z
      .object({
        cause: z.enum(haltCauses),
        figures: haltFiguresSchema.optional(),
        /** The same in English. */
        sentence: z.string(),
        at: instantSchema,
      })
      .optional(),
    plan: z.object({
      quietHours: z.object({ fromMin: z.int(), toMin: z.int() }).optional(),
      comeBackMin: z.number(),
      watchMin: z.number(),
      atOnce: z.number(),
      lostPercent: z.number(),
      mosDrop: z.number(),
      minimumCalls: z.number(),
    }),
    /** Devices that could return to what they ran. */
    canGoBack: z.int().min(0),
    createdAt: instantSchema,
    createdBy: z.string(),
    endedAt: instantSchema.optional(),
  })
  .meta({ id: 'Rollout' });
export type Rollout = z.infer<typeof rolloutSchema>;

export const rolloutListSchema = z
  .object({ items: z.array(rolloutSchema) })
  .meta({ id: 'RolloutList' });

export const rolloutParamsSchema = z.strictObject({ id });

export const rolloutDevicesQuerySchema = z.strictObject({
  page: numberInText(1, 1_000_000).default(1),
  pageSize: numberInText(1, 200).default(20),
  state: z.enum(deviceStates).optional(),
});

export const rolloutDeviceSchema = z
  .object({
    mac: z.string(),
    /** What people call it: comment, extension or name. */
    title: z.string(),
    model: z.string().optional(),
    ring: z.int(),
    state: z.enum(deviceStates),
    reason: z.enum(deviceReasons).optional(),
    since: instantSchema,
    fromVersion: z.string().optional(),
    goal: z.string(),
    /** What it runs now. */
    running: z.string().optional(),
    isRegistered: z.boolean(),
    isMissing: z.boolean(),
  })
  .meta({ id: 'RolloutDevice' });
export type RolloutDevice = z.infer<typeof rolloutDeviceSchema>;

export const rolloutDevicesSchema = z
  .object({
    items: z.array(rolloutDeviceSchema),
    total: z.int(),
    page: z.int(),
    pageSize: z.int(),
  })
  .meta({ id: 'RolloutDevices' });

export const firmwareUpdateRequestSchema = z
  .strictObject({ macs: z.array(mac).min(1).max(1_000) })
  .meta({ id: 'FirmwareUpdateRequest' });

export const firmwareUpdateSchema = z
  .object({ rollouts: z.array(rolloutSchema), devices: z.int() })
  .meta({ id: 'FirmwareUpdate' });

export const deviceFirmwareParamsSchema = z.strictObject({ mac });

export const deviceFirmwareSchema = z
  .object({
    /** What it runs. */
    running: z.string().optional(),
    /** What it shall run, and why. */
    target: z
      .object({
        label: z.string(),
        source: z.string(),
        name: z.string(),
        /** Missing: there is no active image of this label for the model. */
        version: z.string().optional(),
        /** It is told so now. */
        isOffered: z.boolean(),
      })
      .optional(),
    /** Groups that give different labels; the last one counts. */
    conflict: z.array(z.object({ group: z.string(), label: z.string() })),
    /** A newer image of the library. */
    newer: z.object({ setId: z.string(), label: z.string(), version: z.string() }).optional(),
    rolloutId: z.string().optional(),
    /** Labels of active sets with an image for the model. */
    choices: z.array(z.object({ label: z.string(), version: z.string() })),
  })
  .meta({ id: 'DeviceFirmware' });
export type DeviceFirmware = z.infer<typeof deviceFirmwareSchema>;
