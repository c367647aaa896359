/** Tokens of programs: made and ended by the built-in administrator. */
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentToken } from './present.ts';
import {
  createdTokenSchema,
  tokenCreateRequestSchema,
  tokenParamsSchema,
  tokensSchema,
} from './schema.ts';

export const tokensRoutes = [
  defineRoute({
    method: 'GET',
    path: '/tokens',
    permission: 'tokens.manage',
    summary: 'Lists the tokens of programs, without their values.',
    answer: { kind: 'json', status: 200, schema: tokensSchema },
    handler: async (_request, { tokens }) => ({
      body: { items: (await tokens.list()).map(presentToken) },
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/tokens',
    permission: 'tokens.manage',
    summary: 'Makes a token and tells its value, this once.',
    body: { type: 'application/json', schema: tokenCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: createdTokenSchema },
    handler: async ({ body, identity, source }, { tokens, audit }) => {
      const { actor } = requireIdentity(identity);
      const { token, value } = await tokens.create(actor, body);
      const facts = { name: token.name, role: token.role };
      await audit.record({
        action: 'token-created',
        actor,
        address: source,
        notes: [{ code: 'token', facts }],
      });
      return { body: { ...presentToken(token), value: value.reveal() } };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/tokens/{id}',
    permission: 'tokens.manage',
    summary: 'Ends a token at once.',
    params: tokenParamsSchema,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, identity, source }, { tokens, audit }) => {
      const { actor } = requireIdentity(identity);
      const token = await tokens.delete(params.id);
      const facts = { name: token.name, role: token.role };
      await audit.record({
        action: 'token-deleted',
        actor,
        address: source,
        notes: [{ code: 'token', facts }],
      });
      return {};
    },
  }),
];
