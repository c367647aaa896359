/** Health for watchers from outside: one word. Facts are in the parts, for administrators. */
import { defineRoute } from '../../route.ts';
import { healthSchema } from './schema.ts';

export const healthRoutes = [
  defineRoute({
    method: 'GET',
    path: '/health',
    permission: 'public',
    summary: 'Tells whether the system works.',
    answer: { kind: 'json', status: 200, schema: healthSchema },
    handler: (_request, { healthState }) => ({ body: { state: healthState() } }),
  }),
];
