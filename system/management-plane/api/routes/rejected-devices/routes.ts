/** Devices that were rejected: list them, allow them again. Rejecting is among the routes of devices. */
import type { ListedRejection } from '../../../provisioning/directory/rejected-directory.ts';
import { requireIdentity } from '../../identity.ts';
import { presentInstant } from '../../instant.ts';
import { defineRoute } from '../../route.ts';
import { devicesChangedSchema, devicesRequestSchema } from '../devices/schema.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  rejectedDevicePageSchema,
  rejectedDevicesQuerySchema,
  type RejectedDevice,
} from './schema.ts';

export const rejectedDevicesRoutes = [
  defineRoute({
    method: 'GET',
    path: '/rejected-devices',
    permission: 'devices.read',
    summary: 'Lists devices that were rejected, with how often each has asked since.',
    query: rejectedDevicesQuerySchema,
    answer: { kind: 'json', status: 200, schema: rejectedDevicePageSchema },
    handler: ({ query }, { provisioning }) => {
      const { page, pageSize } = query;
      const { items, total } = provisioning.rejected.list(query);
      return { body: { items: items.map(presentRejected), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/rejected-devices/allow',
    permission: 'devices.write',
    summary: 'Lets rejected devices come into the list again.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: devicesRequestSchema },
    answer: { kind: 'json', status: 200, schema: devicesChangedSchema },
    handler: async ({ body, query, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, address: source };
      const revision = await provisioning.rejectedDevices.allow(actor, body.macs, options);
      return { body: { changed: new Set(body.macs).size, revision } };
    },
  }),
];

function presentRejected({ rejected, asked, lastAskedAtMs }: ListedRejection): RejectedDevice {
  return {
    ...rejected,
    asked,
    lastAskedAt: lastAskedAtMs === undefined ? undefined : presentInstant(lastAskedAtMs),
  };
}
