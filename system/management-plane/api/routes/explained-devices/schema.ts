/** The wire form of what a device gets and why: its settings, its files, and what a sync would change. */
import { z } from 'zod';
import { settingsSchema } from '../../../../configuration/entities/provisioning-values.ts';
import { instantSchema } from '../../wire/list-query.ts';

const originSchema = z.object({
  /** Scope of a setting, or `assignment`, `identity`, `appliance`, `custom`. */
  source: z.string(),
  /** Which vendor, model, group or device. */
  name: z.string(),
});

const explainedValueShape = {
  /** Missing for secrets, and where there is none. */
  value: settingsSchema.valueType.optional(),
  isSet: z.boolean(),
  origin: originSchema.optional(),
};

/** Every setting with its value, where it comes from, and what it would be without the own one. */
export const explainedSettingSchema = z
  .object({
    name: z.string(),
    ...explainedValueShape,
    isSecret: z.boolean(),
    /** Whether the device has a value of its own. */
    isOwn: z.boolean(),
    inherited: z.object(explainedValueShape),
    /** Whether the files of the model have a parameter for it. */
    isUsed: z.boolean(),
  })
  .meta({ id: 'ExplainedSetting' });
export type ExplainedSetting = z.infer<typeof explainedSettingSchema>;

export const deviceSettingsSchema = z
  .object({ items: z.array(explainedSettingSchema) })
  .meta({ id: 'DeviceSettings' });

export const deviceDriftQuerySchema = z.strictObject({
  /** Separated by commas. */
  macs: z
    .string()
    .regex(/^[0-9a-f]{12}(?:,[0-9a-f]{12}){0,199}$/, 'must be up to 200 MACs in lower case')
    .transform((text) => text.split(',')),
});

export const deviceDriftsSchema = z
  .object({
    items: z.array(
      z.object({
        mac: z.string(),
        /** `unknown`: nobody knows what the device is, or its files cannot be made. */
        state: z.enum(['never', 'same', 'changed', 'unknown']),
      }),
    ),
  })
  .meta({ id: 'DeviceDrifts' });

const driftSchema = z.object({
  /** `never`: the device has not got it yet; `changed`: it would get something else now. */
  state: z.enum(['never', 'same', 'changed']),
  servedAt: instantSchema.optional(),
});

/** The files of a device as it would get them now; secrets are covered. */
export const deviceFilesSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        drift: driftSchema,
        lines: z.array(
          z.object({
            text: z.string(),
            /** Template and line in it, or `custom`. */
            source: z.string(),
            origins: z.array(
              z.object({
                variable: z.string(),
                /** Scope of a setting, or `assignment`, `identity`, `appliance`, `custom`. */
                source: z.string(),
                name: z.string(),
              }),
            ),
            isSecret: z.boolean(),
          }),
        ),
      }),
    ),
    /** External lines that the model has no place for, and why. */
    leftOutLines: z.array(z.object({ name: z.string(), reasons: z.array(z.string()) })),
  })
  .meta({ id: 'DeviceFiles' });

/** What a sync would change: what the device got last against what it would get now. */
export const deviceDifferencesSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        drift: driftSchema,
        /** Empty where only secrets differ, or nothing. */
        lines: z.array(
          z.object({ change: z.enum(['same', 'removed', 'added']), text: z.string() }),
        ),
      }),
    ),
  })
  .meta({ id: 'DeviceDifferences' });
