/**
 * A template of the administrator that writes a file of devices in place of a shipped one. Whether
 * it compiles is checked where it is saved (`system/management-plane/provisioning`). Browser-safe.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';

const administrators = ['superadmin', 'admin'] as const;

/** Of one template; the largest shipped one has a third of it. */
export const templateCharacters = 100_000;

const deviceTemplateFields = {
  name: requiredField(lineOfText(60), {
    label: 'Name',
    help: 'What the template is called in lists.',
    changeableBy: administrators,
  }),
  vendor: requiredField(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'is not a vendor'), {
    label: 'Vendor',
    help: 'Whose devices take it.',
    changeableBy: administrators,
  }),
  file: requiredField(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,59}\.tmpl$/, 'is not a template'), {
    label: 'Replaces',
    help: 'The shipped template in whose place it stands.',
    changeableBy: administrators,
  }),
  models: defaultedField(z.array(lineOfText(40)).max(200), [], {
    label: 'Models',
    help: 'Models that take it; all of the vendor when none is named.',
    changeableBy: administrators,
  }),
  isEnabled: defaultedField(z.boolean(), true, {
    label: 'In use',
    help: 'Off: devices get the shipped template.',
    changeableBy: administrators,
  }),
  comment: optionalField(lineOfText(200), {
    label: 'Comment',
    help: 'Why it was made.',
    changeableBy: administrators,
  }),
  text: requiredField(z.string().max(templateCharacters), {
    label: 'Text',
    help: 'The template in the language of the shipped ones.',
    changeableBy: administrators,
  }),
};

export type DeviceTemplate = DocumentOf<typeof deviceTemplateFields>;

export const deviceTemplateEntity = new Entity('device-template', deviceTemplateFields, () => []);
