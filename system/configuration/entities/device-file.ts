/**
 * A file that the administrator wrote and that devices fetch as it is: for what neither settings nor
 * templates cover. Devices and groups name the files that they take. Browser-safe.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { optionalField, requiredField } from './field.ts';
import { lineOfText } from './line-of-text.ts';

const administrators = ['superadmin', 'admin'] as const;

/** Of one file. */
export const deviceFileCharacters = 200_000;

const deviceFileFields = {
  name: requiredField(
    z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'may hold letters, digits, points, - and _'),
    {
      label: 'File name',
      help: 'By which devices ask for it; capital and small letters differ. No other file has the same.',
      changeableBy: administrators,
    },
  ),
  comment: optionalField(lineOfText(200), {
    label: 'Comment',
    help: 'What the file is for.',
    changeableBy: administrators,
  }),
  text: requiredField(z.string().max(deviceFileCharacters), {
    label: 'Text',
    help: 'What devices get, unchanged.',
    changeableBy: administrators,
  }),
};

export type DeviceFile = DocumentOf<typeof deviceFileFields>;

export const deviceFileEntity = new Entity('device-file', deviceFileFields, () => []);
