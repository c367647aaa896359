/** The version of the product and of the API (API-043). */
import { defineRoute } from '../../route.ts';
import { versionSchema } from './schema.ts';

export const versionRoutes = [
  defineRoute({
    method: 'GET',
    path: '/version',
    permission: 'public',
    summary: 'Tells product and version.',
    answer: { kind: 'json', status: 200, schema: versionSchema },
    handler: (_request, { version }) => ({
      body: { product: 'Campanile' as const, version, api: 'v1' as const },
    }),
  }),
];
