/** Devices one by one: list, add, look at, change, delete, show secrets and history. */
import type { DeviceCheck } from '../../../provisioning/devices/devices-service.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  presentDevice,
  presentDeviceEvent,
  presentListedDevice,
  presentReplacement,
} from './present.ts';
import {
  deviceChangeRequestSchema,
  deviceHistoryQuerySchema,
  deviceHistorySchema,
  devicePageSchema,
  deviceParamsSchema,
  deviceReplacementQuerySchema,
  deviceReplacementSchema,
  deviceReplaceRequestSchema,
  devicesCreatedSchema,
  devicesCreateRequestSchema,
  deviceSchema,
  devicesQuerySchema,
  revealedDeviceSchema,
} from './schema.ts';

export const devicesRoutes = [
  defineRoute({
    method: 'GET',
    path: '/devices',
    permission: 'devices.read',
    summary: 'Lists devices with what is known of them and whether they are registered.',
    query: devicesQuerySchema,
    answer: { kind: 'json', status: 200, schema: devicePageSchema },
    handler: ({ query }, { provisioning }) => {
      const { page, pageSize } = query;
      const { items, total } = provisioning.directory.list(query);
      const shown = items.map((device) => presentListedDevice(device, provisioning));
      return { body: { items: shown, total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/devices',
    permission: 'devices.write',
    summary: 'Adds devices by their MAC addresses, all with the same fields.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: devicesCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: devicesCreatedSchema },
    handler: async ({ body, query, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { macs, allowRejected, ...fields } = body;
      const options = { ...query, allowRejected };
      const created = await provisioning.devices.create(actor, macs, fields, options);
      return { body: { macs: [...created.macs], revision: created.revision } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}',
    permission: 'devices.read',
    summary: 'Tells one device with its configuration.',
    params: deviceParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceSchema, hasVersion: true },
    handler: async ({ params }, { provisioning }) => {
      const device = provisioning.devices.require(params.mac);
      const leftOut = await provisioning.files.findLeftOut(device.stored);
      const shown = presentDevice(device, provisioning, leftOut);
      return { body: shown, version: device.stored.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/devices/{mac}',
    permission: 'devices.write',
    summary: 'Changes the fields and settings of a device that are named.',
    params: deviceParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceSchema, hasVersion: true },
    handler: async ({ params, query, body, condition, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const ifVersion = toIfVersion(condition);
      const check: DeviceCheck = (changed) => provisioning.files.findExternalLineIssues(changed);
      const options = { ...query, ifVersion, check };
      const device = await provisioning.devices.update(actor, params.mac, body, options);
      const leftOut = await provisioning.files.findLeftOut(device.stored);
      const shown = presentDevice(device, provisioning, leftOut);
      return { body: shown, version: device.stored.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/devices/{mac}',
    permission: 'devices.write',
    summary: 'Deletes a device; it keeps the configuration it has until it is reset.',
    params: deviceParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      await provisioning.devices.delete(actor, [params.mac], options);
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/replacement',
    permission: 'devices.write',
    summary: 'Tells what would find no place if another device took the place of this one.',
    params: deviceParamsSchema,
    query: deviceReplacementQuerySchema,
    answer: { kind: 'json', status: 200, schema: deviceReplacementSchema },
    handler: async ({ params, query }, { provisioning }) => {
      const preview = await provisioning.replacement.preview(params.mac, query.by);
      return { body: presentReplacement(preview) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/{mac}/replace',
    permission: 'devices.write',
    summary:
      'Puts another device in the place of this one, with all that was set; this one is deleted, its secrets are worthless.',
    params: deviceParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: deviceReplaceRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: deviceSchema, hasVersion: true },
    handler: async ({ params, query, body, condition, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition), address: source };
      const { replacement, files } = provisioning;
      const device = await replacement.replace(actor, params.mac, body.mac, options);
      const leftOut = await files.findLeftOut(device.stored);
      const shown = presentDevice(device, provisioning, leftOut);
      return { body: shown, version: device.stored.version };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/{mac}/reveal',
    permission: 'devices.write',
    summary:
      'Tells the secret address of a device, its web password and those of its external lines; is audited.',
    params: deviceParamsSchema,
    answer: { kind: 'json', status: 200, schema: revealedDeviceSchema },
    handler: async ({ params, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { devices, address, directory, files } = provisioning;
      const revealed = await devices.reveal(actor, params.mac, source);
      const { token, adminPassword, linePasswords } = revealed;
      const stored = directory.find(params.mac);
      const entryFile = stored === undefined ? undefined : files.entryFileOf(stored);
      const provisioningUrl = `${address.httpsUrl(token)}${entryFile ?? ''}`;
      const isWholeAddress = entryFile !== undefined;
      return {
        body: { provisioningUrl, isWholeAddress, adminPassword, linePasswords: [...linePasswords] },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/history',
    permission: 'devices.read',
    summary: 'Tells what happened to a device, the newest first.',
    params: deviceParamsSchema,
    query: deviceHistoryQuerySchema,
    answer: { kind: 'json', status: 200, schema: deviceHistorySchema },
    handler: async ({ params, query }, { provisioning }) => {
      const { page, pageSize } = query;
      const { items, total } = await provisioning.history.list({ mac: params.mac, ...query });
      return { body: { items: items.map(presentDeviceEvent), total, page, pageSize } };
    },
  }),
];
