/** A group of devices: settings and custom lines that its devices take. Browser-safe. */
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';
import {
  customFilesField,
  customLinesField,
  secretSettingsField,
  settingsSchema,
} from './provisioning-values.ts';

const administrators = ['superadmin', 'admin'] as const;

const deviceGroupFields = {
  name: requiredField(lineOfText(60), {
    label: 'Name',
    help: 'Shown in lists and as origin of settings; no other group may have the same.',
    changeableBy: administrators,
  }),
  comment: optionalField(lineOfText(200), {
    label: 'Comment',
    help: 'What the group is for.',
    changeableBy: administrators,
  }),
  settings: defaultedField(
    settingsSchema,
    {},
    {
      label: 'Settings',
      help: 'Settings of all devices of the group.',
      changeableBy: administrators,
    },
  ),
  secretSettings: secretSettingsField,
  customLines: customLinesField,
  customFiles: customFilesField,
};

export type DeviceGroup = DocumentOf<typeof deviceGroupFields>;

export const deviceGroupEntity = new Entity('device-group', deviceGroupFields, () => []);
