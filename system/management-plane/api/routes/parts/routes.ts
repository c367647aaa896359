/** The daemon's parts: state, log level, restart without touching calls (UI-015). */
import { ApiError } from '../../errors/api-error.ts';
import type { ApiServices } from '../../api-services.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentPart } from './present.ts';
import {
  type Part,
  partChangeRequestSchema,
  partParamsSchema,
  partSchema,
  partsSchema,
} from './schema.ts';

/** The part that this code runs in. */
const ownPart = 'management-plane';
const ownRestartDelayMs = 200;

export const partsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/parts',
    permission: 'parts.read',
    summary: 'Lists the parts of the system with state and figures.',
    answer: { kind: 'json', status: 200, schema: partsSchema },
    handler: async (_request, { callPlane }) => {
      const { parts } = await callPlane.request('parts.list', {});
      return { body: { items: parts.map(presentPart) } };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/parts/{name}',
    permission: 'parts.write',
    summary: 'Changes how much a part logs, until the next start.',
    params: partParamsSchema,
    body: { type: 'application/json', schema: partChangeRequestSchema },
    answer: { kind: 'json', status: 200, schema: partSchema },
    handler: async ({ params, body, identity, source }, { callPlane, audit }) => {
      const { actor } = requireIdentity(identity);
      const { found } = await callPlane.request('parts.set-log-level', {
        name: params.name,
        level: body.logLevel,
      });
      if (!found) {
        throw noSuchPart();
      }
      const detail = `${params.name}: ${body.logLevel}`;
      await audit.record({ action: 'log-level-changed', actor, address: source, detail });
      return { body: await findPart(callPlane, params.name) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/parts/{name}/restart',
    permission: 'parts.write',
    summary: 'Restarts a part; calls go on.',
    params: partParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, identity, source }, { callPlane, audit, clock }) => {
      const { actor } = requireIdentity(identity);
      const { name } = params;
      const part = await findPart(callPlane, name);
      if (!part.canRestart) {
        throw new ApiError('not-restartable', 'This part cannot be restarted by itself.');
      }
      await audit.record({ action: 'part-restarted', actor, address: source, detail: name });
      if (name === ownPart) {
        // This thread ends at once: the answer goes first.
        clock.schedule(ownRestartDelayMs, () => {
          callPlane.request('parts.restart', { name }).catch(() => {
            // It ended before it heard the answer: that was what it was asked for.
          });
        });
      } else {
        await callPlane.request('parts.restart', { name });
      }
      return {};
    },
  }),
];

async function findPart(callPlane: ApiServices['callPlane'], name: string): Promise<Part> {
  const { parts } = await callPlane.request('parts.list', {});
  const part = parts.find((candidate) => candidate.name === name);
  if (part === undefined) {
    throw noSuchPart();
  }
  return presentPart(part);
}

function noSuchPart(): ApiError {
  return new ApiError('not-found', 'There is no such part.');
}
