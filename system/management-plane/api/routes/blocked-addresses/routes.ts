/** Addresses that are turned away for a while, and how to let them in again. */
import { ApiError } from '../../errors/api-error.ts';
import { requireIdentity } from '../../request/identity.ts';
import { presentInstant } from '../../wire/instant.ts';
import { toDateName } from '../../wire/download-name.ts';
import { defineRoute } from '../../route.ts';
import { blockedAddressesSchema, blockParamsSchema } from './schema.ts';

/** Of the door `sip`; nobody reads more. */
const mostShown = 500;

export const blockedAddressesRoutes = [
  defineRoute({
    method: 'GET',
    path: '/blocked-addresses',
    permission: 'blocks.read',
    summary: 'Lists the addresses that are blocked now, those of SIP first.',
    answer: { kind: 'json', status: 200, schema: blockedAddressesSchema },
    handler: async (_request, { callPlane, loginLimit, clock }) => {
      const { bans, total } = await callPlane.request('bans.list', { limit: mostShown });
      const web = loginLimit.blockedSources();
      const nowMs = clock.wallMs();
      return {
        body: {
          items: [
            ...bans.map(({ address, offence, bannedAtMs, endsAtMs }) => ({
              door: 'sip' as const,
              address,
              reason: offence,
              since: presentInstant(bannedAtMs),
              until: presentInstant(endsAtMs),
            })),
            ...web.map(({ source, forMs }) => ({
              door: 'web' as const,
              address: source,
              reason: 'failed-logins' as const,
              until: presentInstant(nowMs + forMs),
            })),
          ],
          total: total + web.length,
        },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/blocked-addresses/filter.csv',
    permission: 'settings.read',
    summary:
      'Gives the address filter as CSV: which networks are turned away, which are exceptions.',
    answer: { kind: 'text', status: 200, type: 'text/csv' },
    handler: (_request, { store, clock }) => {
      const { deniedAddresses, allowedAddresses } = store.settings;
      const rows = [
        ...deniedAddresses.map((address) => `deny,${address}`),
        ...allowedAddresses.map((address) => `allow,${address}`),
      ];
      return {
        text: ['action,address', ...rows, ''].join('\r\n'),
        fileName: `campanile-address-filter-${toDateName(clock.wallMs())}.csv`,
      };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/blocked-addresses/{door}/{address}',
    permission: 'blocks.lift',
    summary: 'Lets a blocked address in again.',
    params: blockParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, identity, source }, { callPlane, loginLimit, audit }) => {
      const { actor } = requireIdentity(identity);
      const { door, address } = params;
      const { found } =
        door === 'sip'
          ? await callPlane.request('bans.lift', { address })
          : { found: loginLimit.forgiveSource(address) };
      if (!found) {
        throw new ApiError('not-found', 'This address is not blocked.');
      }
      await audit.record({
        action: 'address-unblocked',
        actor,
        address: source,
        detail: `${door} ${address}`,
      });
      return {};
    },
  }),
];
