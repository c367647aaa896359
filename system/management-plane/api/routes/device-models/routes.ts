/** What is set for all devices of a vendor or of one of its models. */
import type { DeviceModel as StoredModel } from '../../../../configuration/entities/device-model.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  deviceModelChangeRequestSchema,
  deviceModelCreateRequestSchema,
  deviceModelListSchema,
  deviceModelParamsSchema,
  deviceModelSchema,
  type DeviceModel,
} from './schema.ts';

export const deviceModelsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/device-models',
    permission: 'devices.read',
    summary: 'Lists vendors and models for which something is set.',
    answer: { kind: 'json', status: 200, schema: deviceModelListSchema },
    handler: (_request, { provisioning }) => ({
      body: { items: provisioning.models.all().map((stored) => present(stored, provisioning)) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/device-models',
    permission: 'devices.write',
    summary: 'Sets values for a vendor or model that has none yet.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceModelCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: deviceModelSchema, hasVersion: true },
    handler: async ({ body, query, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const stored = await provisioning.models.create(actor, body, query);
      return { body: present(stored, provisioning), version: stored.version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/device-models/{id}',
    permission: 'devices.read',
    summary: 'Tells what is set for a vendor or model.',
    params: deviceModelParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceModelSchema, hasVersion: true },
    handler: ({ params }, { provisioning }) => {
      const stored = provisioning.models.require(params.id);
      return { body: present(stored, provisioning), version: stored.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/device-models/{id}',
    permission: 'devices.write',
    summary: 'Changes the named settings of a vendor or model.',
    params: deviceModelParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceModelChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceModelSchema, hasVersion: true },
    handler: async ({ params, body, query, condition, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const stored = await provisioning.models.update(actor, params.id, body, options);
      return { body: present(stored, provisioning), version: stored.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/device-models/{id}',
    permission: 'devices.write',
    summary: 'Takes away everything that is set for a vendor or model.',
    params: deviceModelParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning: { models } }) => {
      const { actor } = requireIdentity(identity);
      await models.delete(actor, params.id, { ...query, ifVersion: toIfVersion(condition) });
      return {};
    },
  }),
];

function present(
  { id, document, version }: Stored<StoredModel>,
  { directory, files }: Pick<ProvisioningServices, 'directory' | 'files'>,
): DeviceModel {
  const { vendor, model, settings, secretSettings, customLines } = document;
  let devices = 0;
  for (const device of directory.all()) {
    const known = files.modelOf(device);
    const isMeant =
      known?.vendor.data.id === vendor && (model === undefined || known.model.id === model);
    devices += isMeant ? 1 : 0;
  }
  return {
    id,
    vendor,
    model,
    settings,
    secretSettings: Object.keys(secretSettings),
    customLines: [...customLines],
    devices,
    version,
  };
}
