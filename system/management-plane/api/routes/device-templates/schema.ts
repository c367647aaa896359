/** The wire form of the administrator's templates. */
import { z } from 'zod';
import { deviceTemplateEntity } from '../../../../configuration/entities/device-template.ts';
import { answerShape, changeShape, createShape } from '../../wire/entity-schema.ts';

const listed = ['name', 'vendor', 'file', 'models', 'isEnabled', 'comment'] as const;
const fields = [...listed, 'text'] as const;

export const deviceTemplateParamsSchema = z.strictObject({ id: z.string().min(1).max(64) });

export const templateFaultSchema = z
  .object({
    message: z.string(),
    /** Missing where no single line is at fault. */
    line: z.int().min(1).optional(),
  })
  .meta({ id: 'TemplateFault' });
export type TemplateFault = z.infer<typeof templateFaultSchema>;

const common = {
  id: z.string(),
  /** Why it is not used, where it does not work any more. */
  fault: templateFaultSchema.optional(),
  version: z.int(),
};

export const deviceTemplateSchema = z
  .object({ ...common, ...answerShape(deviceTemplateEntity.fields, fields) })
  .meta({ id: 'DeviceTemplate' });
export type DeviceTemplate = z.infer<typeof deviceTemplateSchema>;

export const deviceTemplateListSchema = z
  .object({
    items: z.array(z.object({ ...common, ...answerShape(deviceTemplateEntity.fields, listed) })),
  })
  .meta({ id: 'DeviceTemplateList' });

export const deviceTemplateCreateRequestSchema = z
  .strictObject(createShape(deviceTemplateEntity.fields, fields))
  .meta({ id: 'DeviceTemplateCreateRequest' });

/** Only named fields change. */
export const deviceTemplateChangeRequestSchema = z
  .strictObject(changeShape(deviceTemplateEntity.fields, fields))
  .meta({ id: 'DeviceTemplateChangeRequest' });

export const templateCheckRequestSchema = z
  .strictObject(createShape(deviceTemplateEntity.fields, ['vendor', 'file', 'text']))
  .meta({ id: 'TemplateCheckRequest' });

export const templateCheckSchema = z
  .object({ isSound: z.boolean(), fault: templateFaultSchema.optional() })
  .meta({ id: 'TemplateCheck' });

/** Templates that come with the system: what one of the administrator may replace. */
export const shippedTemplateListSchema = z
  .object({
    items: z.array(
      z.object({
        vendor: z.string(),
        file: z.string(),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'ShippedTemplateList' });

export const shippedTemplateParamsSchema = z.strictObject({ vendor: z.string().max(32) });
