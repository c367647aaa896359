/** Looking for phones and gateways in the networks of the PBX. */
import type { ProvisioningServices } from '../../../provisioning/provisioning-services.ts';
import { requireIdentity } from '../../request/identity.ts';
import { presentInstant } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import { devicesCreatedSchema } from '../devices/schema.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  foundDevicesAddRequestSchema,
  networkScanRequestSchema,
  networkScanSchema,
  type NetworkScan,
} from './schema.ts';

export const networkScanRoutes = [
  defineRoute({
    method: 'GET',
    path: '/devices/scan',
    permission: 'devices.read',
    summary: 'Tells how far the scan of the network is and what it found; the last one is kept.',
    answer: { kind: 'json', status: 200, schema: networkScanSchema },
    handler: (_request, { provisioning }) => ({ body: presentScan(provisioning) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/scan',
    permission: 'devices.write',
    summary: 'Starts to look for phones and gateways in a local network.',
    body: { type: 'application/json', schema: networkScanRequestSchema },
    answer: { kind: 'json', status: 201, schema: networkScanSchema },
    handler: ({ body, identity, source }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      provisioning.networkScan.start(actor, body.range, source);
      return { body: presentScan(provisioning) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/devices/scan',
    permission: 'devices.write',
    summary: 'Cancels the scan that runs; what it found is kept.',
    answer: { kind: 'none', status: 204 },
    handler: (_request, { provisioning }) => {
      provisioning.networkScan.cancel();
      return {};
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/devices/scan/add',
    permission: 'devices.write',
    summary: 'Adds devices that the last scan found, each as what it was recognised.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: foundDevicesAddRequestSchema },
    answer: { kind: 'json', status: 201, schema: devicesCreatedSchema },
    handler: async ({ body, query, identity }, { provisioning }) => {
      const { actor } = requireIdentity(identity);
      const { macs, revision } = await provisioning.networkScan.add(actor, body.macs, query);
      return { body: { macs: [...macs], revision } };
    },
  }),
];

function presentScan({ networkScan, directory, rejected }: ProvisioningServices): NetworkScan {
  const { state, ranges } = networkScan;
  if (state === undefined) {
    return { ranges: [...ranges] };
  }
  const { startedAtMs, endedAtMs, found, ...scan } = state;
  return {
    ranges: [...ranges],
    scan: {
      ...scan,
      startedAt: presentInstant(startedAtMs),
      endedAt: endedAtMs === undefined ? undefined : presentInstant(endedAtMs),
      found: found.map((device) => ({
        ...device,
        possibleVendors: [...device.possibleVendors],
        isKnown: directory.find(device.mac) !== undefined,
        isRejected: rejected.has(device.mac),
      })),
    },
  };
}
