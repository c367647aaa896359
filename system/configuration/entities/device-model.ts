/**
 * What the administrator sets for all devices of a vendor, or of one of its models: between the
 * settings of the site and those of groups. Browser-safe.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';
import { customLinesField, secretSettingsField, settingsSchema } from './provisioning-values.ts';
import type { ValidationIssue } from './validation-issue.ts';

const administrators = ['superadmin', 'admin'] as const;

const deviceModelFields = {
  vendor: requiredField(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is not a vendor'), {
    label: 'Vendor',
    help: 'Whose devices take these values.',
    changeableBy: administrators,
  }),
  model: optionalField(lineOfText(40), {
    label: 'Model',
    help: 'Only devices of this model; all of the vendor when empty.',
    changeableBy: administrators,
  }),
  settings: defaultedField(
    settingsSchema,
    {},
    {
      label: 'Settings',
      help: 'Settings of all devices of the vendor or model; those of groups and devices override them.',
      changeableBy: administrators,
    },
  ),
  secretSettings: secretSettingsField,
  customLines: customLinesField,
};

export type DeviceModel = DocumentOf<typeof deviceModelFields>;

export const deviceModelEntity = new Entity('device-model', deviceModelFields, checkDeviceModel);

/** The id follows from vendor and model, so that there is never a second record of one. */
export function deviceModelId(vendor: string, model: string | undefined): string {
  return model === undefined ? vendor : `${vendor}_${model.replace(/[^A-Za-z0-9]/g, '-')}`;
}

export function titleOfDeviceModel({
  vendor,
  model,
}: Pick<DeviceModel, 'vendor' | 'model'>): string {
  return model === undefined ? vendor : `${vendor} ${model}`;
}

function checkDeviceModel(document: DeviceModel, id: string): ValidationIssue[] {
  return deviceModelId(document.vendor, document.model) === id
    ? []
    : [{ path: 'model', code: 'built-in', message: 'vendor and model of a record never change' }];
}
