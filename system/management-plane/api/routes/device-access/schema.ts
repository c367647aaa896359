/** The wire form of the doors for devices: which are open, and whom certificates are believed of. */
import { z } from 'zod';
import { deviceAccessEntity } from '../../../../configuration/entities/device-access.ts';
import { deviceAuthorityEntity } from '../../../../configuration/entities/device-authority.ts';
import { connectObstacles } from '../../../device-access/connect/connect-obstacle.ts';
import { answerShape, changeShape } from '../../wire/entity-schema.ts';
import { instantSchema } from '../../wire/list-query.ts';
import { doorNames } from '../../../provisioning/doors/closed-doors.ts';

const accessFields = [
  'certificatesEnabled',
  'certificatesPort',
  'uploadsEnabled',
  'uploadsPerDeviceMb',
  'uploadsKeepDays',
  'syslogEnabled',
  'syslogPort',
  'syslogPerDeviceMb',
  'syslogKeepDays',
  'connectEnabled',
  'connectFirstPort',
] as const;

export const deviceAccessSchema = z
  .object(answerShape(deviceAccessEntity.fields, accessFields))
  .meta({ id: 'DeviceAccess' });
export type DeviceAccess = z.infer<typeof deviceAccessSchema>;

export const deviceAccessChangeRequestSchema = z
  .strictObject(changeShape(deviceAccessEntity.fields, accessFields))
  .meta({ id: 'DeviceAccessChangeRequest' });

export const deviceAccessStateSchema = z
  .object({
    /** Missing while it is shut. */
    certificatesPort: z.int().optional(),
    /** What devices are told; missing while it is shut. */
    certificatesUrl: z.string().optional(),
    /** Certificates of devices that were used for other devices, within the last hour. */
    certificateAlarms: z.array(
      z.object({
        at: instantSchema,
        source: z.string(),
        /** The device of the certificate; missing when it names none. */
        owner: z.string().optional(),
        /** The device whose files were asked for. */
        claimed: z.string().optional(),
        subject: z.string(),
      }),
    ),
    /** Where logs of devices are received; missing while they are not. */
    syslogPort: z.int().optional(),
    /** Who wrote logs for whom there is no device, since the start; the latest first. */
    unknownSenders: z.array(
      z.object({ address: z.string(), lines: z.int().min(1), lastAt: instantSchema }),
    ),
  })
  .meta({ id: 'DeviceAccessState' });
export type DeviceAccessState = z.infer<typeof deviceAccessStateSchema>;

export const deviceUploadParamsSchema = z.strictObject({
  mac: z.string().regex(/^[0-9a-f]{12}$/),
  id: z.string().regex(/^[\w-]{16}$/),
});

export const deviceUploadListSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        /** `override`: changes made on the device, which it reads back. */
        kind: z.enum(['log', 'override', 'list', 'other']),
        sizeBytes: z.int().min(0),
        at: instantSchema,
        address: z.string(),
      }),
    ),
  })
  .meta({ id: 'DeviceUploadList' });
export type DeviceUploadList = z.infer<typeof deviceUploadListSchema>;

export const deviceConnectParamsSchema = z.strictObject({
  mac: z.string().regex(/^[0-9a-f]{12}$/),
});

export const deviceConnectStateSchema = z
  .object({
    /** Why the page of the device cannot be opened; missing when it can. */
    obstacle: z.enum(connectObstacles).optional(),
    isOpen: z.boolean(),
    port: z.int().optional(),
    until: instantSchema.optional(),
    openedBy: z.string().optional(),
  })
  .meta({ id: 'DeviceConnectState' });
export type DeviceConnectState = z.infer<typeof deviceConnectStateSchema>;

export const deviceConnectOpenRequestSchema = z
  .strictObject({ minutes: z.int().min(1).max(120).optional() })
  .meta({ id: 'DeviceConnectOpenRequest' });

export const deviceConnectOpenedSchema = z
  .object({
    port: z.int(),
    /** Path and query on that port of the PBX, good once and for a minute. */
    path: z.string(),
    until: instantSchema,
  })
  .meta({ id: 'DeviceConnectOpened' });

export const deviceAuthorityParamsSchema = z.strictObject({ id: z.string().min(1).max(64) });

export const deviceAuthoritySchema = z
  .object({
    id: z.string(),
    ...answerShape(deviceAuthorityEntity.fields, ['name', 'vendor']),
    subject: z.string(),
    issuer: z.string(),
    validFrom: instantSchema,
    validTo: instantSchema,
    /** SHA-256 of the certificate, as programs show it. */
    fingerprint: z.string(),
    /** False: the authority above it is missing, and nothing that it signed is believed. */
    isComplete: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'DeviceAuthority' });
export type DeviceAuthority = z.infer<typeof deviceAuthoritySchema>;

export const deviceAuthorityListSchema = z
  .object({ items: z.array(deviceAuthoritySchema) })
  .meta({ id: 'DeviceAuthorityList' });

export const deviceAuthorityAddRequestSchema = z
  .strictObject({
    /** One certificate in PEM or several. */
    certificate: z.string().min(1).max(500_000),
    /** Only where there is one certificate; its common name when missing. */
    name: deviceAuthorityEntity.fields.name.schema.optional(),
    vendor: deviceAuthorityEntity.fields.vendor.schema.optional(),
  })
  .meta({ id: 'DeviceAuthorityAddRequest' });

export const deviceAuthorityChangeRequestSchema = z
  .strictObject(changeShape(deviceAuthorityEntity.fields, ['name', 'vendor']))
  .meta({ id: 'DeviceAuthorityChangeRequest' });

/** Doors of every kind that are meant to be open and are not. */
export const closedDoorListSchema = z
  .object({
    items: z.array(
      z.object({
        door: z.enum(doorNames),
        /** `port-taken`: another program has it. `not-permitted`: the daemon may not open it. */
        obstacle: z.enum(['port-taken', 'not-permitted', 'other']),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'ClosedDoorList' });
export type ClosedDoorList = z.infer<typeof closedDoorListSchema>;
