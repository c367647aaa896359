/** Many devices at once: the same change, users, deletion, passwords, CSV files. All, or none. */
import { toDateName } from '../../wire/download-name.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import { defineNamedDevicesRoute } from './named-devices-route.ts';
import { presentDevicesImportPreview } from './present.ts';
import {
  devicesAssignRequestSchema,
  devicesChangedSchema,
  devicesChangeRequestSchema,
  devicesCsvSchema,
  devicesImportedSchema,
  devicesImportPreviewQuerySchema,
  devicesImportPreviewSchema,
  devicesImportRequestSchema,
  devicesSyncedSchema,
  devicesSyncRequestSchema,
} from './schema.ts';

export const devicesBulkRoutes = [
  defineRoute({
    method: 'PATCH',
    path: '/devices',
    permission: 'devices.write',
    summary: 'Makes the same change to many devices; fields and settings not named stay.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: devicesChangeRequestSchema },
    answer: { kind: 'json', status: 200, schema: devicesChangedSchema },
    handler: async ({ body, query, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { macs, changes } = body;
      const revision = await provisioning.devices.updateMany(actor, macs, changes, query);
      return { body: { changed: new Set(macs).size, revision } };
    },
  }),
  defineNamedDevicesRoute({
    path: '/devices/delete',
    summary: 'Deletes many devices.',
    act: ({ devices }, actor, macs, options) => devices.delete(actor, macs, options),
  }),
  defineNamedDevicesRoute({
    path: '/devices/reject',
    summary: 'Deletes devices and keeps them out: they do not come back by themselves.',
    act: ({ rejectedDevices }, actor, macs, options) =>
      rejectedDevices.reject(actor, macs, options),
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/assign',
    permission: 'devices.write',
    summary: 'Gives devices their users, line by line.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: devicesAssignRequestSchema },
    answer: { kind: 'json', status: 200, schema: devicesChangedSchema },
    handler: async ({ body, query, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const assignments = body.assignments.map(({ version, ...assignment }) => {
        return { ...assignment, ifVersion: version };
      });
      const revision = await provisioning.devices.assign(actor, assignments, query);
      return { body: { changed: body.assignments.length, revision } };
    },
  }),
  defineNamedDevicesRoute({
    path: '/devices/reset-passwords',
    summary: 'Makes the secrets of devices worthless; the next sync brings new ones.',
    act: ({ devices }, actor, macs, options) => devices.resetPasswords(actor, macs, options),
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/sync',
    permission: 'devices.write',
    summary: 'Tells registered devices to fetch their files now, or to restart.',
    body: { type: 'application/json', schema: devicesSyncRequestSchema },
    answer: { kind: 'json', status: 200, schema: devicesSyncedSchema },
    handler: async ({ body, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { macs, reboot, duringCalls } = body;
      const request = { macs, reboots: reboot, duringCalls, address: source };
      return { body: { items: await provisioning.sync.sync(actor, request) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/devices/export.csv',
    permission: 'devices.read',
    summary: 'Gives all devices as CSV, without passwords.',
    answer: { kind: 'text', status: 200, type: 'text/csv' },
    handler: async (_request, { provisioning, clock }) => ({
      text: await provisioning.devicesImport.exportCsv(),
      fileName: `campanile-devices-${toDateName(clock.wallMs())}.csv`,
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/import/preview',
    permission: 'devices.write',
    summary: 'Tells what an import of this CSV file would do, row by row.',
    query: devicesImportPreviewQuerySchema,
    body: { type: 'text/csv', schema: devicesCsvSchema },
    answer: { kind: 'json', status: 200, schema: devicesImportPreviewSchema },
    handler: async ({ body, query, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { devicesImport } = provisioning;
      const preview = await devicesImport.preview(actor, body, query.allowRejected);
      return { body: presentDevicesImportPreview(preview) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/import',
    permission: 'devices.write',
    summary: 'Imports what was previewed, as one revision.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: devicesImportRequestSchema },
    answer: { kind: 'json', status: 200, schema: devicesImportedSchema },
    handler: async ({ body, query, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, address: source };
      const { devicesImport } = provisioning;
      const { created, updated, revision } = await devicesImport.apply(
        actor,
        body.importId,
        options,
      );
      return { body: { created, updated, revision } };
    },
  }),
];
