/** Groups of devices: settings that many share. */
import type { DeviceGroup as StoredGroup } from '../../../../configuration/entities/device-group.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import type { DeviceGroupsService } from '../../../provisioning/devices/device-groups-service.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  deviceGroupChangeRequestSchema,
  deviceGroupCreateRequestSchema,
  deviceGroupListSchema,
  deviceGroupParamsSchema,
  deviceGroupSchema,
  type DeviceGroup,
} from './schema.ts';

export const deviceGroupsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/device-groups',
    permission: 'devices.read',
    summary: 'Lists all device groups.',
    answer: { kind: 'json', status: 200, schema: deviceGroupListSchema },
    handler: async (_request, { provisioning: { groups } }) => {
      const all = await groups.all();
      return { body: { items: all.map((group) => present(group, groups)) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/device-groups',
    permission: 'devices.write',
    summary: 'Makes a device group.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceGroupCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: deviceGroupSchema, hasVersion: true },
    handler: async ({ body, query, identity }, { provisioning: { groups } }) => {
      const { actor } = requireIdentity(identity);
      const group = await groups.create(actor, body, query);
      return { body: present(group, groups), version: group.version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/device-groups/{id}',
    permission: 'devices.read',
    summary: 'Tells one device group.',
    params: deviceGroupParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceGroupSchema, hasVersion: true },
    handler: async ({ params }, { provisioning: { groups } }) => {
      const group = await groups.require(params.id);
      return { body: present(group, groups), version: group.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/device-groups/{id}',
    permission: 'devices.write',
    summary: 'Changes the fields and settings of a device group that are named.',
    params: deviceGroupParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceGroupChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceGroupSchema, hasVersion: true },
    handler: async ({ params, body, query, condition, identity }, { provisioning: { groups } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const group = await groups.update(actor, params.id, body, options);
      return { body: present(group, groups), version: group.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/device-groups/{id}',
    permission: 'devices.write',
    summary: 'Deletes a device group; its devices lose its settings.',
    params: deviceGroupParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning: { groups } }) => {
      const { actor } = requireIdentity(identity);
      await groups.delete(actor, params.id, { ...query, ifVersion: toIfVersion(condition) });
      return {};
    },
  }),
];

function present(
  { id, document, version }: Stored<StoredGroup>,
  groups: Pick<DeviceGroupsService, 'countDevices'>,
): DeviceGroup {
  return {
    id,
    name: document.name,
    comment: document.comment,
    customLines: [...document.customLines],
    customFiles: [...document.customFiles],
    settings: document.settings,
    secretSettings: Object.keys(document.secretSettings),
    devices: groups.countDevices(id),
    version,
  };
}
