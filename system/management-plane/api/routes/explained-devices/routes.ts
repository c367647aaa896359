/** What a device gets and why: its files line by line, its settings, and what a sync would change. */
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { deviceParamsSchema } from '../devices/schema.ts';
import { presentDifference, presentExplainedSetting, presentFiles } from './present.ts';
import {
  deviceDifferencesSchema,
  deviceDriftQuerySchema,
  deviceDriftsSchema,
  deviceFilesSchema,
  deviceSettingsSchema,
} from './schema.ts';

export const explainedDevicesRoutes = [
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/files',
    permission: 'devices.read',
    summary: 'Tells the files of a device with the origin of every line; secrets are covered.',
    params: deviceParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceFilesSchema },
    handler: async ({ params }, { provisioning }) => {
      const files = await provisioning.explain.files(params.mac);
      const leftOut = await provisioning.explain.leftOutLines(params.mac);
      return { body: presentFiles(files, leftOut) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/{mac}/files/reveal',
    permission: 'devices.write',
    summary: 'Tells the files of a device as it gets them, with the secrets; is audited.',
    params: deviceParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceFilesSchema },
    handler: async ({ params, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const files = await provisioning.explain.reveal(actor, params.mac, source);
      const leftOut = await provisioning.explain.leftOutLines(params.mac);
      return { body: presentFiles(files, leftOut, 'revealed') };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/settings',
    permission: 'devices.read',
    summary: 'Tells every setting of a device, where it comes from and what it would be otherwise.',
    params: deviceParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceSettingsSchema },
    handler: async ({ params }, { provisioning }) => {
      const settings = await provisioning.explain.settings(params.mac);
      return { body: { items: settings.map(presentExplainedSetting) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/drift',
    permission: 'devices.read',
    summary: 'Tells of up to 200 devices whether they have what they would get now.',
    query: deviceDriftQuerySchema,
    answer: { kind: 'json', status: 200, schema: deviceDriftsSchema },
    handler: async ({ query }, { provisioning }) => {
      const drifts = await provisioning.explain.drift(query.macs);
      return { body: { items: [...drifts].map(([mac, state]) => ({ mac, state })) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/{mac}/differences',
    permission: 'devices.read',
    summary: 'Tells what a sync would change on a device.',
    params: deviceParamsSchema,
    answer: { kind: 'json', status: 200, schema: deviceDifferencesSchema },
    handler: async ({ params }, { provisioning }) => {
      const differences = await provisioning.explain.differences(params.mac);
      return { body: { items: differences.map(presentDifference) } };
    },
  }),
];
