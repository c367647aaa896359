/**
 * Values that devices, their groups and the site have in common: settings of provisioning and
 * custom lines. Which settings exist and what they may hold is declared in `provisioning/scope`;
 * here only their form in documents is. Browser-safe.
 */
import { z } from 'zod';
import { defaultedField } from './field.ts';

const administrators = ['superadmin', 'admin'] as const;

const settingName = z.string().regex(/^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*$/, 'is not a setting');
const scalar = z.union([z.string().max(512), z.number(), z.boolean()]);
const settingValue = z.union([
  scalar,
  z.array(z.string().max(64)).max(64),
  z.array(z.record(z.string().max(64), scalar)).max(64),
  // Takes away what a scope below gives.
  z.null(),
]);

/** By name; secret ones stand in `secretSettingsField`. */
export const settingsSchema = z.record(settingName, settingValue);
export type SettingsInDocument = z.infer<typeof settingsSchema>;

/** By name: the JSON of the value, sealed. */
const sealedSettingsSchema = z.record(settingName, z.string().max(8000).startsWith('sealed.'));
export type SealedSettings = z.infer<typeof sealedSettingsSchema>;

const customLineSchema = z.strictObject({
  /** Id of the file in the vendor's data; the main file when missing. */
  file: z.string().min(1).max(64).optional(),
  /** The parameter as the vendor writes it. */
  key: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.!/[\] -]{0,126}[A-Za-z0-9_.!/[\]-]$/, 'is not a parameter name'),
  value: z
    .string()
    .max(1024)
    .regex(/^\P{Cc}*$/u, 'must be one line'),
});

export const secretSettingsField = defaultedField(
  sealedSettingsSchema,
  {},
  {
    label: 'Secret settings',
    help: 'Settings that hold passwords; stored sealed.',
    changeableBy: administrators,
    isSecret: true,
    isSealed: true,
  },
);

export const customLinesField = defaultedField(z.array(customLineSchema).max(200), [], {
  label: 'Custom lines',
  help: 'Parameters of the vendor that no setting covers.',
  changeableBy: administrators,
});

/** Ids of files of the administrator, in the order in which the device reads them. */
const customFilesSchema = z.array(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)).max(20);

export const customFilesField = defaultedField(customFilesSchema, [], {
  label: 'Custom files',
  help: 'Files of your own that devices fetch as they are, before their other files where the vendor allows.',
  changeableBy: administrators,
});
