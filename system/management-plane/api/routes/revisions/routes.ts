/** The history of the configuration: who changed what, differences, back again. */
import { requireMayRevert } from '../../../users/revert-rules.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { requireChangesLetIn } from '../../web-filter.ts';
import { nameReferences } from './name-references.ts';
import { presentChanges, presentRevision } from './present.ts';
import {
  diffQuerySchema,
  diffSchema,
  revertRequestSchema,
  revisionPageSchema,
  revisionParamsSchema,
  revisionSchema,
  revisionsQuerySchema,
} from './schema.ts';

export const revisionsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/revisions',
    permission: 'revisions.read',
    summary: 'Lists the changes of the configuration, the newest first.',
    query: revisionsQuerySchema,
    answer: { kind: 'json', status: 200, schema: revisionPageSchema },
    handler: async ({ query }, { store }) => {
      const { search, direction, page, pageSize } = query;
      const { items, total } = await store.listRevisions({ search, direction, page, pageSize });
      return { body: { items: items.map(presentRevision), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/revisions/{number}',
    permission: 'revisions.read',
    summary: 'Tells one change of the configuration.',
    params: revisionParamsSchema,
    answer: { kind: 'json', status: 200, schema: revisionSchema },
    handler: async ({ params }, { store }) => ({
      body: presentRevision(await store.getRevision(params.number)),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/revisions/{number}/diff',
    permission: 'revisions.read',
    summary: 'Tells what differs between a revision and another one, or the one before.',
    params: revisionParamsSchema,
    query: diffQuerySchema,
    answer: { kind: 'json', status: 200, schema: diffSchema },
    handler: async ({ params, query }, { store }) => {
      const from = query.against ?? Math.max(0, params.number - 1);
      const diff = await store.diff(from, params.number);
      const changes = presentChanges(diff.changes);
      return {
        body: {
          from: diff.from,
          to: diff.to,
          changes,
          total: diff.changes.length,
          names: await nameReferences(changes, store),
        },
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/revisions/{number}/revert',
    permission: 'revisions.write',
    summary: 'Takes the changes of one revision back, as a new revision.',
    params: revisionParamsSchema,
    body: { type: 'application/json', schema: revertRequestSchema },
    answer: { kind: 'json', status: 201, schema: revisionSchema },
    handler: async ({ params, body, identity, source }, { store }) => {
      const { actor } = requireIdentity(identity);
      await requireMayRevert(store, actor, params.number);
      const { changes } = await store.getRevision(params.number);
      requireChangesLetIn(store.settings, changes, 'before', source);
      return { body: presentRevision(await store.revert(params.number, actor, body.reason)) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/revisions/{number}/confirm',
    permission: 'revisions.write',
    summary: 'Confirms a revision that would revert by itself.',
    params: revisionParamsSchema,
    answer: { kind: 'json', status: 200, schema: revisionSchema },
    handler: async ({ params, identity }, { store }) => {
      const { actor } = requireIdentity(identity);
      return { body: presentRevision(await store.confirm(params.number, actor)) };
    },
  }),
];
