/** DECT handsets: list, add, change, give to users, delete, CSV files. */
import { toDateName } from '../../wire/download-name.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import { presentDectHandset, presentDectImportPreview } from './present.ts';
import {
  dectHandsetChangeRequestSchema,
  dectHandsetPageSchema,
  dectHandsetParamsSchema,
  dectHandsetSchema,
  dectHandsetsAssignRequestSchema,
  dectChangedSchema,
  dectHandsetsCreatedSchema,
  dectHandsetsCreateRequestSchema,
  dectHandsetsCsvSchema,
  dectHandsetsQuerySchema,
  dectHandsetsRequestSchema,
  dectImportedSchema,
  dectImportPreviewSchema,
  dectImportRequestSchema,
  dectSystemParamsSchema,
} from './schema.ts';

export const dectHandsetRoutes = [
  defineRoute({
    method: 'GET',
    path: '/dect/handsets',
    permission: 'devices.read',
    summary: 'Lists DECT handsets with their users and whether they are registered.',
    query: dectHandsetsQuerySchema,
    answer: { kind: 'json', status: 200, schema: dectHandsetPageSchema },
    handler: async ({ query }, { provisioning: { dect } }) => {
      const { items, total } = await dect.view.listHandsets(query);
      const { page, pageSize } = query;
      return { body: { items: items.map(presentDectHandset), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/handsets',
    permission: 'devices.write',
    summary: 'Adds handsets to a DECT system.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectHandsetsCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: dectHandsetsCreatedSchema },
    handler: async ({ body, query, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const created = await dect.handsets.create(actor, body.system, body.handsets, query);
      return { body: { ids: [...created.ids], revision: created.revision } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/dect/handsets/{id}',
    permission: 'devices.read',
    summary: 'Tells one handset.',
    params: dectHandsetParamsSchema,
    answer: { kind: 'json', status: 200, schema: dectHandsetSchema, hasVersion: true },
    handler: async ({ params }, { provisioning: { dect } }) => {
      const stored = dect.handsets.require(params.id);
      const listed = await dect.view.showHandset(stored);
      return { body: presentDectHandset(listed), version: stored.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/dect/handsets/{id}',
    permission: 'devices.write',
    summary: 'Changes the fields of a handset that are named; another system moves it there.',
    params: dectHandsetParamsSchema,
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectHandsetChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: dectHandsetSchema, hasVersion: true },
    handler: async ({ params, body, query, condition, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      const stored = await dect.handsets.update(actor, params.id, body, options);
      const listed = await dect.view.showHandset(stored);
      return { body: presentDectHandset(listed), version: stored.version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/dect/handsets/{id}',
    permission: 'devices.write',
    summary: 'Deletes a handset; its account ends at once.',
    params: dectHandsetParamsSchema,
    query: changeQuerySchema,
    needsIfMatch: true,
    answer: { kind: 'none', status: 204 },
    handler: async ({ params, query, condition, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      dect.handsets.require(params.id);
      const options = { ...query, ifVersion: toIfVersion(condition) };
      await dect.handsets.delete(actor, [params.id], options);
      return {};
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/handsets/assign',
    permission: 'devices.write',
    summary: 'Gives handsets their users.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectHandsetsAssignRequestSchema },
    answer: { kind: 'json', status: 200, schema: dectChangedSchema },
    handler: async ({ body, query, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const revision = await dect.handsets.assign(actor, body.assignments, query);
      return { body: { changed: body.assignments.length, revision } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/handsets/delete',
    permission: 'devices.write',
    summary: 'Deletes many handsets.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectHandsetsRequestSchema },
    answer: { kind: 'json', status: 200, schema: dectChangedSchema },
    handler: async ({ body, query, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const revision = await dect.handsets.delete(actor, body.ids, query);
      return { body: { changed: new Set(body.ids).size, revision } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/dect/systems/{id}/handsets.csv',
    permission: 'devices.read',
    summary: 'Gives the handsets of a DECT system as CSV.',
    params: dectSystemParamsSchema,
    answer: { kind: 'text', status: 200, type: 'text/csv' },
    handler: async ({ params }, { provisioning: { dect }, clock }) => {
      const { id } = dect.systems.require(params.id);
      return {
        text: await dect.handsetsImport.exportCsv(id),
        fileName: `campanile-handsets-${toDateName(clock.wallMs())}.csv`,
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/systems/{id}/handsets/import/preview',
    permission: 'devices.write',
    summary: 'Tells what an import of this CSV file would do, row by row.',
    params: dectSystemParamsSchema,
    body: { type: 'text/csv', schema: dectHandsetsCsvSchema },
    answer: { kind: 'json', status: 200, schema: dectImportPreviewSchema },
    handler: async ({ params, body, identity }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const { id } = dect.systems.require(params.id);
      return { body: presentDectImportPreview(await dect.handsetsImport.preview(actor, id, body)) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dect/handsets/import',
    permission: 'devices.write',
    summary: 'Imports what was previewed, as one revision.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: dectImportRequestSchema },
    answer: { kind: 'json', status: 200, schema: dectImportedSchema },
    handler: async ({ body, query, identity, source }, { provisioning: { dect } }) => {
      const { actor } = requireIdentity(identity);
      const options = { ...query, address: source };
      return { body: await dect.handsetsImport.apply(actor, body.importId, options) };
    },
  }),
];
