/** The wire form of files that the administrator wrote for devices. */
import { z } from 'zod';
import { deviceFileEntity } from '../../../../configuration/entities/device-file.ts';
import { answerShape, changeShape, createShape } from '../../wire/entity-schema.ts';

const fields = ['name', 'comment', 'text'] as const;

export const deviceFileParamsSchema = z.strictObject({ id: z.string().min(1).max(64) });

const common = {
  id: z.string(),
  /** MACs of devices that name it themselves. */
  devices: z.array(z.string()),
  /** Names of groups whose devices take it. */
  groups: z.array(z.string()),
  version: z.int(),
};

export const deviceFileSchema = z
  .object({ ...common, ...answerShape(deviceFileEntity.fields, fields) })
  .meta({ id: 'DeviceFile' });
export type DeviceFile = z.infer<typeof deviceFileSchema>;

export const deviceFileListSchema = z
  .object({
    items: z.array(
      z.object({
        ...common,
        ...answerShape(deviceFileEntity.fields, ['name', 'comment']),
        sizeBytes: z.int().min(0),
      }),
    ),
  })
  .meta({ id: 'DeviceFileList' });

export const deviceFileCreateRequestSchema = z
  .strictObject(createShape(deviceFileEntity.fields, fields))
  .meta({ id: 'DeviceFileCreateRequest' });

/** Only named fields change. */
export const deviceFileChangeRequestSchema = z
  .strictObject(changeShape(deviceFileEntity.fields, fields))
  .meta({ id: 'DeviceFileChangeRequest' });
