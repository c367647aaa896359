/** Users one by one: list, make, look at, change, delete. */
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { UsersError } from '../../../users/users-error.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import { presentGenerated, presentListedUser, presentUser } from './present.ts';
import {
  createdUserSchema,
  userChangeRequestSchema,
  userCreateRequestSchema,
  userDeleteQuerySchema,
  userPageSchema,
  userParamsSchema,
  userSchema,
  usersQuerySchema,
} from './schema.ts';

export const usersRoutes = [
  defineRoute({
    method: 'GET',
    path: '/users',
    permission: 'users.read',
    summary: 'Lists users.',
    query: usersQuerySchema,
    answer: { kind: 'json', status: 200, schema: userPageSchema },
    handler: async ({ query }, { store, registrations }) => {
      const { items, total } = await store.listUsers(query);
      const { page, pageSize } = query;
      const shown = items.map((user) => presentListedUser(user, registrations));
      return { body: { items: shown, total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/users',
    permission: 'users.write',
    summary: 'Makes a user; passwords that are not given are generated and told this once.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: userCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: createdUserSchema, hasVersion: true },
    handler: async ({ body, query, identity }, { users, registrations }) => {
      const { actor } = requireIdentity(identity);
      const { passwords, ...fields } = body;
      const { user, generated } = await users.create(actor, fields, { ...query, passwords });
      return {
        body: {
          user: presentUser(user, registrations),
          generated: presentGenerated(generated, user.document),
        },
        version: user.version,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/users/{id}',
    permission: 'users.read',
    summary: 'Tells one user.',
    params: userParamsSchema,
    answer: { kind: 'json', status: 200, schema: userSchema, hasVersion: true },
    handler: async ({ params }, { store, registrations }) => {
      const user = await store.findUser(params.id);
      if (user === undefined) {
        throw new UsersError('not-found', 'There is no such user.');
      }
      return { body: presentUser(user, registrations), version: user.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/users/{id}',
    permission: 'users.write',
    summary: 'Changes the fields of a user that are named.',
    params: userParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: userChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: userSchema, hasVersion: true },
    handler: async ({ params, query, body, condition, identity }, { users, registrations }) => {
      const { actor } = requireIdentity(identity);
      const ifVersion = toIfVersion(condition);
      const user = await users.update(actor, params.id, body, { ...query, ifVersion });
      return { body: presentUser(user, registrations), version: user.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/users/{id}',
    permission: 'users.write',
    summary: 'Deletes a user.',
    params: userParamsSchema,
    query: userDeleteQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { users }) => {
      const { actor } = requireIdentity(identity);
      await users.delete(actor, [params.id], {
        reason: query.reason,
        confirmWithinSec: query.confirmWithinSec,
        ifVersion: toIfVersion(condition),
        erasesPersonalData: query.erasePersonalData === 'true',
      });
      return {};
    },
  }),
];
