/** Where each user's phones are reached now. */
import { defineRoute } from '../../route.ts';
import { presentRegistration } from './present.ts';
import { registrationPageSchema, registrationsQuerySchema } from './schema.ts';

export const registrationsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/registrations',
    permission: 'registrations.read',
    summary: 'Lists the phones that are registered.',
    query: registrationsQuerySchema,
    answer: { kind: 'json', status: 200, schema: registrationPageSchema },
    handler: async ({ query }, { registrations }) => {
      const { items, total } = await registrations.list(query);
      const { page, pageSize } = query;
      return { body: { items: items.map(presentRegistration), total, page, pageSize } };
    },
  }),
];
