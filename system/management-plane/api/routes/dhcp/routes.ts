/** The DHCP server: settings, state, leases, and what a foreign server should say instead. */
import { listForeignServerOptions } from '../../../../../provisioning/dhcp/options/foreign-server-options.ts';
import type { LeaseView } from '../../../../../provisioning/dhcp/leases/lease.ts';
import type { Dhcp } from '../../../../configuration/entities/dhcp.ts';
import { listLeases } from '../../../provisioning/doors/list-leases.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { presentInstant } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  dhcpLeasePageSchema,
  dhcpLeaseParamsSchema,
  dhcpLeasesQuerySchema,
  dhcpSettingsChangeRequestSchema,
  dhcpSettingsSchema,
  dhcpStateSchema,
  foreignDhcpOptionsSchema,
  type DhcpLease,
} from './schema.ts';

export const dhcpRoutes = [
  defineRoute({
    method: 'GET',
    path: '/dhcp/settings',
    permission: 'devices.read',
    summary: 'Tells the settings of the DHCP server.',
    answer: { kind: 'json', status: 200, schema: dhcpSettingsSchema, hasVersion: true },
    handler: (_request, { provisioning: { dhcp } }) => ({
      body: present(dhcp.stored.document),
      version: dhcp.stored.version,
    }),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/dhcp/settings',
    permission: 'devices.write',
    summary: 'Changes the settings of the DHCP server that are named.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dhcpSettingsChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: dhcpSettingsSchema, hasVersion: true },
    handler: async ({ body, query, condition, identity }, { provisioning: { dhcp } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const { document, version } = await dhcp.change(actor, body, options);
      return { body: present(document), version };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/dhcp/state',
    permission: 'devices.read',
    summary: 'Tells what the DHCP server does on each interface and how full its subnets are.',
    answer: { kind: 'json', status: 200, schema: dhcpStateSchema },
    handler: (_request, { provisioning: { dhcp } }) => ({
      body: {
        interfaces: dhcp
          .states()
          .map(({ interfaceName, state, detail, otherServers, bootpCount }) => ({
            name: interfaceName,
            state,
            detail,
            otherServers: [...otherServers],
            bootpRequests: bootpCount,
          })),
        available: dhcp.systemInterfaces().map((one) => ({ ...one })),
        subnets: dhcp.usage().map(({ subnet, used, size }) => ({ subnet, used, size })),
        closedDoors: dhcp.closedDoors().map(({ door, families }) => ({
          door,
          families: [...families],
        })),
      },
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/dhcp/leases',
    permission: 'devices.read',
    summary: 'Lists the addresses that have or had a lease.',
    query: dhcpLeasesQuerySchema,
    answer: { kind: 'json', status: 200, schema: dhcpLeasePageSchema },
    handler: ({ query }, { provisioning: { dhcp } }) => {
      const { page, pageSize } = query;
      const { items, total } = listLeases(dhcp.leases(), query);
      return { body: { items: items.map(presentLease), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/dhcp/leases/{address}',
    permission: 'devices.write',
    summary: 'Forgets the lease of an address; afterwards it has none.',
    params: dhcpLeaseParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params }, { provisioning: { dhcp } }) => {
      await dhcp.forgetLease(params.address);
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/dhcp/foreign-options',
    permission: 'devices.read',
    summary: 'Lists the options that a DHCP server other than ours should give to phones.',
    answer: { kind: 'json', status: 200, schema: foreignDhcpOptionsSchema },
    handler: (_request, { provisioning: { address, dhcp } }) => ({
      body: {
        items: listForeignServerOptions(
          {
            server: address.hostFor(),
            provisioningUrl: address.httpUrl(undefined),
            ftpUrl: address.ftpUrl(),
          },
          dhcp.doors,
        ).map((option) => ({ ...option, vendorClasses: [...option.vendorClasses] })),
      },
    }),
  }),
];

function presentLease(lease: LeaseView): DhcpLease {
  const { address, mac, state, isReserved, hostName, vendorClass } = lease;
  return {
    address,
    mac,
    state,
    isReserved,
    startedAt: presentInstant(lease.startedAtMs),
    expiresAt: presentInstant(lease.expiresAtMs),
    hostName,
    vendorClass,
  };
}

function present({ interfaces, subnets, optionRules }: Dhcp) {
  return {
    interfaces: [...interfaces],
    subnets: [...subnets],
    optionRules: [...optionRules],
  };
}
