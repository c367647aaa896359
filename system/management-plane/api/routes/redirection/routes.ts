/** Redirection services: accounts, registrations of devices, the portal's devices. */
import { redirectionServices } from '../../../../../provisioning/redirection/services.ts';
import type {
  RedirectionSecretName,
  RedirectionService as StoredService,
} from '../../../../configuration/entities/redirection-service.ts';
import type { Stored } from '../../../configuration-store/configuration-store.ts';
import type { Redirection as StoredRedirection } from '../../../redirection/redirection-store.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { presentInstant } from '../../wire/instant.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import {
  portalSyncSchema,
  redirectionListSchema,
  redirectionQuerySchema,
  redirectionRequestSchema,
  redirectionServiceChangeRequestSchema,
  redirectionServiceListSchema,
  redirectionServiceParamsSchema,
  redirectionServiceSchema,
  redirectionTestSchema,
  type Redirection,
  type RedirectionService,
} from './schema.ts';

export const redirectionRoutes = [
  defineRoute({
    method: 'GET',
    path: '/redirection/services',
    permission: 'devices.read',
    summary: 'Lists the redirection services with their accounts, without passwords.',
    answer: { kind: 'json', status: 200, schema: redirectionServiceListSchema },
    handler: async (_request, { provisioning: { doors } }) => {
      const { settings } = await doors.redirection();
      return { body: { items: settings.all().map(presentService) } };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/redirection/services/{service}',
    permission: 'devices.write',
    summary: 'Changes the account at a redirection service; what is not named stays.',
    params: redirectionServiceParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: redirectionServiceChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: redirectionServiceSchema, hasVersion: true },
    handler: async ({ params, body, query, condition, identity }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const services = await doors.redirection();
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const stored = await services.change(actor, params.service, body, options);
      return { body: presentService(stored), version: stored.version };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/redirection/services/{service}/test',
    permission: 'devices.write',
    summary: 'Logs in at a redirection service and tells what it says; changes nothing there.',
    params: redirectionServiceParamsSchema,
    answer: { kind: 'json', status: 200, schema: redirectionTestSchema },
    handler: async ({ params }, { provisioning: { doors } }) => {
      const services = await doors.redirection();
      return { body: { detail: await services.test(params.service) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/redirection/devices',
    permission: 'devices.read',
    summary: 'Lists which devices are, or are to be, registered at which service.',
    query: redirectionQuerySchema,
    answer: { kind: 'json', status: 200, schema: redirectionListSchema },
    handler: async ({ query }, { provisioning: { doors } }) => {
      const services = await doors.redirection();
      return { body: { items: (await services.list(query)).map(presentRedirection) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/redirection/devices',
    permission: 'devices.write',
    summary: 'Asks for devices to be registered at a service or taken out; it is done by and by.',
    body: { type: 'application/json', schema: redirectionRequestSchema },
    answer: { kind: 'json', status: 200, schema: redirectionListSchema },
    handler: async ({ body, identity, source }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const { service, wish, macs, serials } = body;
      const services = await doors.redirection();
      const items = await services.ask(actor, service, wish, macs, { serials, address: source });
      return { body: { items: items.map(presentRedirection) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/redirection/portal/sync',
    permission: 'devices.write',
    summary:
      'Fetches the devices that the portal assigned to this PBX, and adds those that are new.',
    query: changeQuerySchema,
    answer: { kind: 'json', status: 200, schema: portalSyncSchema },
    handler: async ({ query, identity }, { provisioning: { doors } }) => {
      const { actor } = requireIdentity(identity);
      const { assigned, added } = await (await doors.redirection()).syncPortal(actor, query);
      return { body: { assigned, added: [...added] } };
    },
  }),
];

function presentService({ document, version }: Stored<StoredService>): RedirectionService {
  const { secrets, ...fields } = document;
  const { description } = redirectionServices[document.service];
  return {
    ...fields,
    name: description.name,
    vendor: description.vendor,
    defaultAddress: description.address,
    secrets: Object.keys(secrets) as RedirectionSecretName[],
    needs: [...description.needs],
    knows: [...description.knows],
    needsSerial: description.needsSerial,
    carriesUrl: description.carriesUrl,
    version,
  };
}

function presentRedirection(redirection: StoredRedirection): Redirection {
  const { nextAtMs, changedAtMs, tokenUntilMs, tokenHash, ...fields } = redirection;
  return {
    ...fields,
    nextAt: nextAtMs === undefined ? undefined : presentInstant(nextAtMs),
    changedAt: presentInstant(changedAtMs),
    addressUntil:
      tokenHash === undefined || tokenUntilMs === undefined
        ? undefined
        : presentInstant(tokenUntilMs),
  };
}
