/** The wire form of provisioning as a whole: its settings, and what vendors and variables there are. */
import { z } from 'zod';
import { provisioningSettingsEntity } from '../../../../configuration/entities/provisioning-settings.ts';
import { settingsSchema } from '../../../../configuration/entities/provisioning-values.ts';
import { ftpEntryKinds } from '../../../provisioning/doors/ftp-entry.ts';
import { instantSchema } from '../../wire/list-query.ts';
import { answerShape, changeShape } from '../../wire/entity-schema.ts';

const plainFields = [
  'httpEnabled',
  'tftpEnabled',
  'ftpEnabled',
  'ftpUserName',
  'ftpAnonymousEnabled',
  'ftpUploadsEnabled',
  'ftpDirectoriesEnabled',
  'ftpWritesEnabled',
  'ftpPassiveAddress',
  'ftpPassiveFirstPort',
  'ftpPassiveLastPort',
  'ftpInDhcp',
  'ftpTransferLogEnabled',
  'ftpSystemLogEnabled',
  'ftpReverseLookupEnabled',
  'pnpEnabled',
  'pnpAnswers',
  'serverAddress',
  'announcedDays',
  'scanAlarmMisses',
  'historyKeepDays',
] as const;

export const provisioningSettingsSchema = z
  .object({
    ...answerShape(provisioningSettingsEntity.fields, plainFields),
    /** Settings of all devices. */
    settings: settingsSchema,
    /** Names of the secret settings that have a value. */
    secretSettings: z.array(z.string()),
    /** Whether devices log in by FTP with another password than that of the factory. */
    hasFtpPassword: z.boolean(),
  })
  .meta({ id: 'ProvisioningSettings' });

/** Only named fields and named settings change; null returns one to its default. */
export const provisioningSettingsChangeRequestSchema = z
  .strictObject({
    ...changeShape(provisioningSettingsEntity.fields, plainFields),
    settings: settingsSchema.optional(),
    /** In clear; null: that of the factory again. */
    ftpPassword: z
      .string()
      .regex(/^[\x20-\x7e]{1,128}$/, 'must be 1 to 128 characters of ASCII')
      .nullable()
      .optional(),
  })
  .meta({ id: 'ProvisioningSettingsChangeRequest' });

export const vendorListSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        models: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            family: z.string(),
            /** SIP accounts. */
            lines: z.int(),
            keys: z.object({
              line: z.int(),
              soft: z.int().optional(),
              expansion: z.object({ modules: z.int(), keys: z.int() }).optional(),
            }),
            handsets: z.int().optional(),
            features: z.array(z.string()),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'VendorList' });

const domainSchema = z
  .looseObject({ type: z.string() })
  .meta({ description: 'What values are allowed: type, and limits or choices of it' });

export const variableListSchema = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        help: z.string(),
        domain: domainSchema,
        /** Missing where nothing is set by default. */
        default: settingsSchema.valueType.optional(),
        isSecret: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'VariableList' });

/** While it is open, devices that nobody announced may make their first contact from the local network. */
export const provisioningWindowSchema = z
  .object({
    isOpen: z.boolean(),
    until: instantSchema.optional(),
    openedBy: z.string().optional(),
    /** Only for these; missing: for all. */
    macs: z.array(z.string()).optional(),
    /** New devices that appeared in it. */
    discovered: z.int().min(0),
    /** Addresses that asked for many devices that do not exist, within the last hour. */
    scanAlarms: z.array(
      z.object({
        /** `unproven`: the address may be forged; `many`: one of many addresses. */
        kind: z.enum(['address', 'unproven', 'many']),
        source: z.string(),
        at: instantSchema,
        misses: z.int().min(0),
      }),
    ),
  })
  .meta({ id: 'ProvisioningWindow' });

/** What phones said by multicast lately, and why they were answered or not. */
export const pnpStateSchema = z
  .object({
    isListening: z.boolean(),
    /** Addresses of ours on which it is heard. */
    interfaces: z.array(z.string()),
    /** Datagrams to the group that ask for no profile of a device. */
    unreadable: z.int().min(0),
    /** The newest first. */
    heard: z.array(
      z.object({
        at: instantSchema,
        source: z.string(),
        mac: z.string().optional(),
        vendor: z.string(),
        model: z.string(),
        version: z.string(),
        /** `told`: no answer to our NOTIFY came yet. `accepted`: the phone took the address. */
        outcome: z.enum([
          'told',
          'accepted',
          'busy',
          'no-mac',
          'not-local',
          'unknown-vendor',
          'not-listed',
          'rejected',
          'window-closed',
          'already-provisioned',
        ]),
      }),
    ),
  })
  .meta({ id: 'PnpState' });

/** What happens at the door of FTP. */
export const ftpStateSchema = z
  .object({
    /** Missing while it is shut. */
    port: z.int().optional(),
    /** What devices are told; missing while it is shut. */
    url: z.string().optional(),
    sessions: z.int().min(0),
    /** Of the logs that are on, the newest first. */
    entries: z.array(
      z.object({
        at: instantSchema,
        source: z.string(),
        /** What DNS calls it, where that is looked up. */
        host: z.string().optional(),
        what: z.enum(ftpEntryKinds),
        /** Of a file, without secret addresses; the name at a login. */
        subject: z.string().optional(),
        sizeBytes: z.int().min(0).optional(),
        durationMs: z.int().min(0).optional(),
      }),
    ),
  })
  .meta({ id: 'FtpState' });

/** Where devices fetch, as it is told to those that begin. */
export const provisioningAddressSchema = z
  .object({
    host: z.string(),
    httpUrl: z.string(),
  })
  .meta({ id: 'ProvisioningAddress' });

export const provisioningWindowOpenRequestSchema = z
  .strictObject({
    minutes: z.int().min(1).max(1440),
    /** Opens it for these devices of the list only, e.g. after a factory reset. */
    macs: z
      .array(z.string().regex(/^[0-9a-f]{12}$/))
      .min(1)
      .max(10_000)
      .optional(),
  })
  .meta({ id: 'ProvisioningWindowOpenRequest' });
