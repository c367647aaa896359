/** The wire form of the settings: one record; defaults, units and help are in the entity. */
import { z } from 'zod';
import { settingsEntity } from '../../../../configuration/entities/settings.ts';
import { answerShape, changeShape } from '../../wire/entity-schema.ts';

export const settingsSchema = z
  .object(answerShape(settingsEntity.fields, settingsEntity.fieldNames))
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof settingsSchema>;

/** Only the fields that are named change; null returns one to its default. */
export const settingsChangeRequestSchema = z
  .strictObject(changeShape(settingsEntity.fields, settingsEntity.fieldNames))
  .meta({ id: 'SettingsChangeRequest' });
