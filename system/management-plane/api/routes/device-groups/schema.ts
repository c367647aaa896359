/** The wire form of device groups. */
import { z } from 'zod';
import { deviceGroupEntity } from '../../../../configuration/entities/device-group.ts';
import { settingsSchema } from '../../../../configuration/entities/provisioning-values.ts';
import { answerShape, changeShape, createShape } from '../../wire/entity-schema.ts';

const plainFields = ['name', 'comment', 'customLines', 'customFiles'] as const;

export const deviceGroupParamsSchema = z.strictObject({ id: z.string().min(1).max(64) });

export const deviceGroupSchema = z
  .object({
    id: z.string(),
    ...answerShape(deviceGroupEntity.fields, plainFields),
    settings: settingsSchema,
    /** Names of the secret settings that have a value. */
    secretSettings: z.array(z.string()),
    /** How many devices are in it. */
    devices: z.int().min(0),
    version: z.int(),
  })
  .meta({ id: 'DeviceGroup' });
export type DeviceGroup = z.infer<typeof deviceGroupSchema>;

export const deviceGroupListSchema = z
  .object({ items: z.array(deviceGroupSchema) })
  .meta({ id: 'DeviceGroupList' });

export const deviceGroupCreateRequestSchema = z
  .strictObject({
    ...createShape(deviceGroupEntity.fields, plainFields),
    settings: settingsSchema.optional(),
  })
  .meta({ id: 'DeviceGroupCreateRequest' });

/** Only named fields and named settings change; null takes the value of one away. */
export const deviceGroupChangeRequestSchema = z
  .strictObject({
    ...changeShape(deviceGroupEntity.fields, plainFields),
    settings: settingsSchema.optional(),
  })
  .meta({ id: 'DeviceGroupChangeRequest' });
