/** The wire form of devices. Their secrets go in, never out, except where somebody asks for them. */
import { z } from 'zod';
import { deviceEntity } from '../../../../configuration/entities/device.ts';
import {
  externalLineId,
  externalLineShape,
  maximumExternalLines,
} from '../../../../configuration/entities/external-line.ts';
import { settingsSchema } from '../../../../configuration/entities/provisioning-values.ts';
import { answerShape, changeShape, createShape } from '../../wire/entity-schema.ts';
import { eventNoteSchema } from '../../wire/event-note.ts';
import { instantSchema, listQuery, numberInText, pageOf } from '../../wire/list-query.ts';
import { plannedRowsFields } from '../../wire/import-preview.ts';

/** How many devices one bulk request may name. */
export const maxBulkDevices = 10_000;

/** Fields that are read and written as they are. */
export const plainDeviceFields = [
  'vendor',
  'model',
  'comment',
  'lines',
  'groups',
  'keys',
  'handsets',
  'customLines',
  'customFiles',
  'tftpException',
] as const;

/** An account at another registrar, as a line after those of the users. */
const externalLineSchema = z
  .object({
    id: z.string(),
    ...externalLineShape,
    /** It has none after an import without secrets, until one is given. */
    hasPassword: z.boolean(),
  })
  .meta({ id: 'ExternalLine' });
export type ExternalLine = z.infer<typeof externalLineSchema>;

/** Without an id it is a new line; one with an id keeps its password unless another is given. */
const externalLineRequestSchema = z
  .strictObject({
    id: externalLineId.optional(),
    ...externalLineShape,
    transport: externalLineShape.transport.default('udp'),
    /** In clear; stored sealed. */
    password: z
      .string()
      .min(1)
      .max(256)
      .regex(/^\P{Cc}*$/u, 'must not contain control characters')
      .optional(),
  })
  .meta({ id: 'ExternalLineRequest' });

const macText = z.string().min(12).max(17);
const mac = z.string().regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits in lower case');

export const deviceParamsSchema = z.strictObject({ mac });

const flagInText = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

export const devicesQuerySchema = listQuery([
  'mac',
  'comment',
  'model',
  'extension',
  'address',
  'firmware',
  'status',
  'lastSeen',
]).extend({
  /** Only devices of this group. */
  group: z.string().max(64).optional(),
  /** Only devices with a line of this user. */
  userId: z.string().max(64).optional(),
  assigned: flagInText,
  registered: flagInText,
  provisioned: flagInText,
  /** Only devices that may, or may not, fetch without encryption. */
  tftpException: flagInText,
});

/** A row of the list: what the configuration says, together with what the device did. */
export const listedDeviceSchema = z
  .object({
    mac: z.string(),
    comment: z.string().optional(),
    /** Where it is known: reported by the device, found by its MAC, or given. */
    vendor: z.string().optional(),
    /** Reported by the device, otherwise as given; missing while nobody knows. */
    model: z.string().optional(),
    /** Whether the device told its model itself. */
    isModelReported: z.boolean(),
    /** As far as its model is known or expected. */
    kind: z.enum(['phone', 'base', 'adapter', 'gateway', 'paging']),
    firmware: z.string().optional(),
    /** An image of the firmware library that is newer than what the device runs. */
    newerFirmware: z.object({ label: z.string(), version: z.string() }).optional(),
    /** It was told to update its firmware and has not come back yet. */
    isUpdating: z.boolean(),
    /** Last known address. */
    address: z.string().optional(),
    lastSeenAt: instantSchema.optional(),
    /** When it last got its own files with the passwords that are valid now. */
    provisionedAt: instantSchema.optional(),
    /** Until when it may make its first contact without an open window. */
    announcedUntil: instantSchema.optional(),
    /** Of its first line; `loginX` while it is unassigned. */
    extension: z.string().optional(),
    users: z.array(
      z.object({ id: z.string(), name: z.string(), extension: z.string().optional() }),
    ),
    groups: z.array(z.string()),
    tftpException: z.boolean(),
    /** Missing while it is not registered. */
    registration: z
      .object({
        protocol: z.enum(['udp', 'tcp', 'tls']),
        remoteAddress: z.string(),
        remotePort: z.int(),
        userAgent: z.string(),
        expiresAt: instantSchema,
      })
      .optional(),
    version: z.int(),
  })
  .meta({ id: 'ListedDevice' });
export type ListedDevice = z.infer<typeof listedDeviceSchema>;

export const devicePageSchema = pageOf(listedDeviceSchema).meta({ id: 'DevicePage' });

export const deviceSchema = z
  .object({
    ...listedDeviceSchema.shape,
    /** As configured; the fields above say what is known. */
    configuration: z.object({
      ...answerShape(deviceEntity.fields, plainDeviceFields),
      settings: settingsSchema,
      /** Names of the secret settings that have a value. */
      secretSettings: z.array(z.string()),
      externalLines: z.array(externalLineSchema),
    }),
    userAgent: z.string().optional(),
    /** Lines and keys, those of its users among them, for which the model has no place. */
    leftOut: z.object({ lines: z.int().min(0), keys: z.int().min(0) }),
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof deviceSchema>;

/** Named settings; secret ones too, in clear. */
const settingValues = settingsSchema;

export const devicesCreateRequestSchema = z
  .strictObject({
    /** In any spelling: `00:15:65:aa:bb:cc`, `0015.65aa.bbcc`. */
    macs: z.array(macText).min(1).max(maxBulkDevices),
    ...createShape(deviceEntity.fields, plainDeviceFields),
    settings: settingValues.optional(),
    /** Allows those again that were rejected; without it they are a conflict with the code `rejected`. */
    allowRejected: z.boolean().optional(),
  })
  .meta({ id: 'DevicesCreateRequest' });

export const devicesCreatedSchema = z
  .object({ macs: z.array(z.string()), revision: z.int() })
  .meta({ id: 'DevicesCreated' });

const changesOfMany = {
  ...changeShape(deviceEntity.fields, plainDeviceFields),
  settings: settingValues.optional(),
};

/** Only named fields and named settings change; null takes the own value of one away. */
export const deviceChangeRequestSchema = z
  .strictObject({
    ...changesOfMany,
    /** All of them: what is not in the list is taken away. */
    externalLines: z
      .array(externalLineRequestSchema)
      .max(maximumExternalLines)
      .nullable()
      .optional(),
  })
  .meta({ id: 'DeviceChangeRequest' });

const macs = z.array(mac).min(1).max(maxBulkDevices);

/** The same change to many: all of them or, with any issue, none. */
export const devicesChangeRequestSchema = z
  .strictObject({
    macs,
    changes: z.strictObject({
      ...changesOfMany,
      /** Fixes the address that each device was last seen with (`network.staticAddress`). */
      usesReceivedAddress: z.boolean().optional(),
    }),
  })
  .meta({ id: 'DevicesChangeRequest' });

export const devicesRequestSchema = z.strictObject({ macs }).meta({ id: 'DevicesRequest' });

export const devicesAssignRequestSchema = z
  .strictObject({
    assignments: z
      .array(
        z.strictObject({
          mac,
          /** Ids of users, line by line; none makes the device unassigned. */
          lines: z.array(z.string().min(1).max(64)).max(250),
          /** Of the device as it was read: with it somebody else's later change is not overwritten. */
          version: z.int().min(0).optional(),
        }),
      )
      .min(1)
      .max(maxBulkDevices),
  })
  .meta({ id: 'DevicesAssignRequest' });

export const devicesChangedSchema = z
  .object({ changed: z.int().min(0), revision: z.int() })
  .meta({ id: 'DevicesChanged' });

/** The secrets of one device, on request; noted in the audit trail. */
export const revealedDeviceSchema = z
  .object({
    /** To be entered on a device that cannot find the PBX by itself. Hand it to nobody else. */
    provisioningUrl: z.string(),
    /** The address is that of one file, which the device takes as it is: a soft phone. */
    isWholeAddress: z.boolean(),
    /** Of the administrator of the device's own web page; missing until the device was provisioned with it. */
    adminPassword: z.string().optional(),
    /** Of external lines, by their ids; without those that have none. */
    linePasswords: z.array(z.object({ id: z.string(), password: z.string() })),
  })
  .meta({ id: 'RevealedDevice' });

/** Of the device that takes the place of another, in any spelling. */
export const deviceReplaceRequestSchema = z
  .strictObject({ mac: macText })
  .meta({ id: 'DeviceReplaceRequest' });

export const deviceReplacementQuerySchema = z.strictObject({
  /** MAC of the device that would take its place, in any spelling. */
  by: macText,
});

/** What a replacement would do. */
export const deviceReplacementSchema = z
  .object({
    mac: z.string(),
    /** It is in the list already; otherwise it is added as one that is expected. */
    isKnown: z.boolean(),
    vendor: z.string().optional(),
    /** Reported by the device, as given, or like the old one. */
    model: z.string().optional(),
    /** What finds no place on the new device. */
    leftOut: z.object({
      lines: z.int().min(0),
      keys: z.int().min(0),
      /** Names of own settings that the model of the new device does not know. */
      settings: z.array(z.string()),
      /** Not taken over: they are in the words of another vendor. */
      customLines: z.int().min(0),
    }),
    /** The permission to fetch without encryption stays with the old device. */
    losesException: z.boolean(),
  })
  .meta({ id: 'DeviceReplacement' });

export const deviceHistoryQuerySchema = z.strictObject({
  page: numberInText(1, 1_000_000).default(1),
  pageSize: numberInText(1, 200).default(50),
});

export const deviceEventSchema = z
  .object({
    id: z.int(),
    at: instantSchema,
    /** Stable: `discovered`, `bootstrap`, `fetched`, `refused`, `sync-sent`, `password-reset` … */
    kind: z.string(),
    address: z.string(),
    /** In English. */
    detail: z.string(),
    /** The same as codes and facts; empty in old events. */
    notes: z.array(eventNoteSchema),
  })
  .meta({ id: 'DeviceEvent' });

export const deviceHistorySchema = pageOf(deviceEventSchema).meta({ id: 'DeviceHistory' });

/** CSV with a heading line, RFC 4180: mac, vendor, model, comment, extensions, groups, unencrypted. */
export const devicesCsvSchema = z.string().min(1);

export const devicesImportPreviewQuerySchema = z.strictObject({
  /** Rejected devices of the file are allowed again by the import; otherwise their rows are wrong. */
  allowRejected: flagInText,
});

export const devicesImportPreviewSchema = z
  .object({
    /** Give it to the import; valid for 15 minutes. Missing with any issue, or nothing to do. */
    importId: z.string().optional(),
    created: z.int().min(0),
    updated: z.int().min(0),
    /** Rows of devices that were rejected. */
    rejected: z.int().min(0),
    ...plannedRowsFields(['create', 'update', 'error']),
  })
  .meta({ id: 'DevicesImportPreview' });

export const devicesImportRequestSchema = z
  .strictObject({ importId: z.string().min(1).max(64) })
  .meta({ id: 'DevicesImportRequest' });

export const devicesImportedSchema = z
  .object({ created: z.int().min(0), updated: z.int().min(0), revision: z.int() })
  .meta({ id: 'DevicesImported' });

export const devicesSyncRequestSchema = z
  .strictObject({
    macs: z.array(mac).min(1).max(1_000),
    /** Restarts the devices instead of letting them fetch only. */
    reboot: z.boolean().default(false),
    /** Also devices that are in a call. */
    duringCalls: z.boolean().default(false),
  })
  .meta({ id: 'DevicesSyncRequest' });

export const devicesSyncedSchema = z
  .object({
    items: z.array(
      z.object({
        mac: z.string(),
        outcome: z.enum([
          'accepted',
          'refused',
          'no-answer',
          'not-registered',
          'in-call',
          'unknown-vendor',
        ]),
        /** Status of the device's SIP response. */
        status: z.int().optional(),
      }),
    ),
  })
  .meta({ id: 'DevicesSynced' });
