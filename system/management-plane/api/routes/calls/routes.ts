/** Calls in progress: look at them, end them. Their state is the call plane's; nothing is kept here. */
import type { CallRef } from '../../../../foundation/ids.ts';
import { ApiError } from '../../errors/api-error.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentActiveCall, presentMediaStatistics } from './present.ts';
import {
  activeCallsSchema,
  callMediaSchema,
  callRefParamsSchema,
  callsQuerySchema,
} from './schema.ts';

export const callsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/calls',
    permission: 'calls.read',
    summary: 'Lists the calls in progress, the oldest first.',
    query: callsQuerySchema,
    answer: { kind: 'json', status: 200, schema: activeCallsSchema },
    handler: async ({ query }, { callPlane }) => {
      const { calls, total } = await callPlane.request('calls.list', { limit: query.limit });
      return { body: { items: calls.map(presentActiveCall), total } };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/calls/{callRef}',
    permission: 'calls.hang-up',
    summary: 'Ends a call.',
    params: callRefParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, identity, source }, { callPlane, audit }) => {
      const { actor } = requireIdentity(identity);
      const { found } = await callPlane.request('calls.hang-up', {
        callRef: params.callRef as CallRef,
      });
      if (!found) {
        throw new ApiError('not-found', 'There is no such call, or it has ended.');
      }
      const detail = params.callRef;
      await audit.record({ action: 'call-ended', actor, address: source, detail });
      return {};
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/calls/{callRef}/media',
    permission: 'calls.read',
    summary: 'Tells the quality of a call as it is now, leg by leg.',
    params: callRefParamsSchema,
    answer: { kind: 'json', status: 200, schema: callMediaSchema },
    handler: async ({ params }, { callPlane }) => {
      const { legs } = await callPlane.request('calls.media', {
        callRef: params.callRef as CallRef,
      });
      if (legs === undefined) {
        throw new ApiError('not-found', 'There is no such call, or it has ended.');
      }
      return {
        body: {
          legs: legs.map(({ legRef, media }) => ({ legRef, media: presentMediaStatistics(media) })),
        },
      };
    },
  }),
];
