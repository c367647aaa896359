/** Files that the administrator wrote for devices and groups. */
import type { DeviceFile as StoredFile } from '../../../../configuration/entities/device-file.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import type { CustomFilesService } from '../../../provisioning/shared-settings/custom-files-service.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  deviceFileChangeRequestSchema,
  deviceFileCreateRequestSchema,
  deviceFileListSchema,
  deviceFileParamsSchema,
  deviceFileSchema,
  type DeviceFile,
} from './schema.ts';

export const deviceFilesRoutes = [
  defineRoute({
    method: 'GET',
    path: '/device-files',
    permission: 'devices.read',
    summary: 'Lists files of the administrator, without their texts.',
    answer: { kind: 'json', status: 200, schema: deviceFileListSchema },
    handler: async (_request, { provisioning: { customFiles } }) => {
      const items = [];
      for (const stored of customFiles.all()) {
        const { text, ...listed } = await present(stored, customFiles);
        items.push({ ...listed, sizeBytes: Buffer.byteLength(text) });
      }
      return { body: { items } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/device-files',
    permission: 'devices.write',
    summary: 'Adds a file.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceFileCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: deviceFileSchema, hasVersion: true },
    handler: async ({ body, query, identity }, { provisioning: { customFiles } }) => {
      const { actor } = requireIdentity(identity);
      const stored = await customFiles.create(actor, body, query);
      return { body: await present(stored, customFiles), version: stored.version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/device-files/{id}',
    permission: 'devices.read',
    summary: 'Tells one file with its text.',
    params: deviceFileParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceFileSchema, hasVersion: true },
    handler: async ({ params }, { provisioning: { customFiles } }) => {
      const stored = customFiles.require(params.id);
      return { body: await present(stored, customFiles), version: stored.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/device-files/{id}',
    permission: 'devices.write',
    summary: 'Changes a file.',
    params: deviceFileParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceFileChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceFileSchema, hasVersion: true },
    handler: async (
      { params, body, query, condition, identity },
      { provisioning: { customFiles } },
    ) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const stored = await customFiles.update(actor, params.id, body, options);
      return { body: await present(stored, customFiles), version: stored.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/device-files/{id}',
    permission: 'devices.write',
    summary: 'Deletes a file; devices and groups no longer name it.',
    params: deviceFileParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning: { customFiles } }) => {
      const { actor } = requireIdentity(identity);
      await customFiles.delete(actor, params.id, { ...query, ifVersion: toIfVersion(condition) });
      return {};
    },
  }),
];

async function present(
  { id, document, version }: Stored<StoredFile>,
  customFiles: Pick<CustomFilesService, 'useOf'>,
): Promise<DeviceFile> {
  const { devices, groups } = await customFiles.useOf(id);
  return { id, ...document, devices: [...devices], groups: [...groups], version };
}
