/** Devices that were rejected: list them, allow them again. Rejecting is among the routes of devices. */
import type { ListedRejection } from '../../../provisioning/directory/rejected-directory.ts';
import { presentInstant } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import { defineNamedDevicesRoute } from '../devices/named-devices-route.ts';
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
  defineNamedDevicesRoute({
    path: '/rejected-devices/allow',
    summary: 'Lets rejected devices come into the list again.',
    act: ({ rejectedDevices }, actor, macs, options) => rejectedDevices.allow(actor, macs, options),
  }),
];

function presentRejected({ rejected, asked, lastAskedAtMs }: ListedRejection): RejectedDevice {
  return {
    ...rejected,
    asked,
    lastAskedAt: lastAskedAtMs === undefined ? undefined : presentInstant(lastAskedAtMs),
  };
}
