/** Many users at once: the same change, deletion, passwords, and CSV files. All of them, or none. */
import { toDateName } from '../../wire/download-name.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { changeQuerySchema } from '../revisions/schema.ts';
import { presentAllGenerated, presentImportPreview } from './present.ts';
import {
  csvImportedSchema,
  csvImportPreviewSchema,
  csvImportProgressSchema,
  csvImportRequestSchema,
  passwordsSetSchema,
  setPasswordsRequestSchema,
  usersChangedSchema,
  usersChangeRequestSchema,
  usersCsvSchema,
  usersDeleteRequestSchema,
} from './schema.ts';

export const usersBulkRoutes = [
  defineRoute({
    method: 'PATCH',
    path: '/users',
    permission: 'users.write',
    summary: 'Makes the same change to many users; fields that are not named stay.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: usersChangeRequestSchema },
    answer: { kind: 'json', status: 200, schema: usersChangedSchema },
    handler: async ({ body, query, identity }, { users }) => {
      const { actor } = requireIdentity(identity);
      const revision = await users.updateMany(actor, body.ids, body.changes, query);
      return { body: { changed: new Set(body.ids).size, revision } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/users/delete',
    permission: 'users.write',
    summary: 'Deletes many users.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: usersDeleteRequestSchema },
    answer: { kind: 'json', status: 200, schema: usersChangedSchema },
    handler: async ({ body, query, identity }, { users }) => {
      const { actor } = requireIdentity(identity);
      const erasesPersonalData = body.erasePersonalData;
      const revision = await users.delete(actor, body.ids, { ...query, erasesPersonalData });
      return { body: { changed: new Set(body.ids).size, revision } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/users/set-passwords',
    permission: 'users.write',
    summary: 'Sets or generates passwords; generated ones are told this once.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: setPasswordsRequestSchema },
    answer: { kind: 'json', status: 200, schema: passwordsSetSchema },
    handler: async ({ body, query, identity }, { users, store }) => {
      const { actor } = requireIdentity(identity);
      const { ids, ...choices } = body;
      const { generated, revision } = await users.setPasswords(actor, ids, choices, query);
      return { body: { items: await presentAllGenerated(generated, store), revision } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/users/export.csv',
    permission: 'users.export',
    summary: 'Gives all users as CSV, without passwords.',
    answer: { kind: 'text', status: 200, type: 'text/csv' },
    handler: async ({ identity }, { users, clock }) => ({
      text: await users.exportCsv(requireIdentity(identity).actor),
      fileName: `campanile-users-${toDateName(clock.wallMs())}.csv`,
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/users/import/preview',
    permission: 'users.import',
    summary: 'Tells what an import of this CSV file would do, row by row; rows may name phones.',
    body: { type: 'text/csv', schema: usersCsvSchema },
    answer: { kind: 'json', status: 200, schema: csvImportPreviewSchema },
    handler: async ({ body, identity }, { usersImport }) => {
      const { actor } = requireIdentity(identity);
      return { body: presentImportPreview(await usersImport.preview(actor, body)) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/users/import',
    permission: 'users.import',
    summary: 'Imports what was previewed, users and their phones, as one revision.',
    query: changeQuerySchema,
    body: { type: 'application/json', schema: csvImportRequestSchema },
    answer: { kind: 'json', status: 200, schema: csvImportedSchema },
    handler: async ({ body, query, identity, source }, { usersImport, audit, store }) => {
      const { actor } = requireIdentity(identity);
      const result = await usersImport.apply(actor, body.importId, {
        ...query,
        onImported: async ({ created, updated, devicesAdded, devicesChanged }) => {
          const notes = [{ code: 'created-updated', facts: { created, updated } }] as const;
          await audit.record({ action: 'users-imported', actor, address: source, notes });
          if (devicesAdded + devicesChanged > 0) {
            const facts = { created: devicesAdded, updated: devicesChanged };
            const ofDevices = [{ code: 'created-updated', facts }] as const;
            const entry = { actor, address: source, notes: ofDevices };
            await audit.record({ action: 'devices-imported', ...entry });
          }
        },
      });
      const { generated, ...counts } = result;
      const passwords = await presentAllGenerated(generated, store);
      return { body: { ...counts, generated: passwords } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/users/import/{importId}',
    permission: 'users.import',
    summary: 'Tells how far an import is that runs.',
    params: csvImportRequestSchema,
    answer: { kind: 'json', status: 200, schema: csvImportProgressSchema },
    handler: ({ params, identity }, { usersImport }) => {
      const progress = usersImport.progress(requireIdentity(identity).actor, params.importId);
      return { body: { isRunning: progress !== undefined, done: 0, total: 0, ...progress } };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/users/import/{importId}',
    permission: 'users.import',
    summary: 'Cancels an import that runs, as long as it has changed nothing.',
    params: csvImportRequestSchema,
    answer: { kind: 'none', status: 204 },
    handler: ({ params, identity }, { usersImport }) => {
      usersImport.cancel(requireIdentity(identity).actor, params.importId);
      return {};
    },
  }),
];
