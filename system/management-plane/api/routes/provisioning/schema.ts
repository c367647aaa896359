/** The wire form of provisioning as a whole: its settings, and what vendors and variables there are. */
import { z } from 'zod';
import { provisioningSettingsEntity } from '../../../../configuration/entities/provisioning-settings.ts';
import { settingsSchema } from '../../../../configuration/entities/provisioning-values.ts';
import { answerShape, changeShape } from '../../entity-schema.ts';

const plainFields = [
  'httpEnabled',
  'tftpEnabled',
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
  })
  .meta({ id: 'ProvisioningSettings' });

/** Only named fields and named settings change; null returns one to its default. */
export const provisioningSettingsChangeRequestSchema = z
  .strictObject({
    ...changeShape(provisioningSettingsEntity.fields, plainFields),
    settings: settingsSchema.optional(),
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
