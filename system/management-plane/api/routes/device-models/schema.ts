/** The wire form of what is set for vendors and models. */
import { z } from 'zod';
import { deviceModelEntity } from '../../../../configuration/entities/device-model.ts';
import { settingsSchema } from '../../../../configuration/entities/provisioning-values.ts';
import { answerShape, changeShape, createShape } from '../../wire/entity-schema.ts';

const fields = ['customLines'] as const;

export const deviceModelParamsSchema = z.strictObject({ id: z.string().min(1).max(80) });

export const deviceModelSchema = z
  .object({
    id: z.string(),
    ...answerShape(deviceModelEntity.fields, ['vendor', 'model', ...fields]),
    settings: settingsSchema,
    /** Names of the secret settings that have a value. */
    secretSettings: z.array(z.string()),
    /** How many devices of the list take them. */
    devices: z.int().min(0),
    version: z.int(),
  })
  .meta({ id: 'DeviceModel' });
export type DeviceModel = z.infer<typeof deviceModelSchema>;

export const deviceModelListSchema = z
  .object({ items: z.array(deviceModelSchema) })
  .meta({ id: 'DeviceModelList' });

export const deviceModelCreateRequestSchema = z
  .strictObject({
    ...createShape(deviceModelEntity.fields, ['vendor', 'model', ...fields]),
    settings: settingsSchema.optional(),
  })
  .meta({ id: 'DeviceModelCreateRequest' });

/** Only named settings change; null takes away what the vendor's own data or the site gives. */
export const deviceModelChangeRequestSchema = z
  .strictObject({
    ...changeShape(deviceModelEntity.fields, fields),
    settings: settingsSchema.optional(),
  })
  .meta({ id: 'DeviceModelChangeRequest' });
