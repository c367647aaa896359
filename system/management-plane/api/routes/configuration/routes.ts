/** The whole configuration as readable text: for keeping, comparing and moving. */
import { toDateName } from '../../wire/download-name.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { requireChangesLetIn } from '../../web-filter.ts';
import { maxChangesShown, presentChanges, presentRevision } from '../revisions/present.ts';
import { changeQuerySchema, revisionSchema } from '../revisions/schema.ts';
import { configurationTextSchema, exportQuerySchema, importPreviewSchema } from './schema.ts';

export const configurationRoutes = [
  defineRoute({
    method: 'GET',
    path: '/configuration/export',
    permission: 'configuration.export',
    summary: 'Gives the whole configuration as text, with sealed passwords when asked.',
    query: exportQuerySchema,
    answer: { kind: 'text', status: 200, type: 'text/plain' },
    handler: async ({ query, identity, source }, { store, audit, clock }) => {
      const { actor } = requireIdentity(identity);
      const secrets = query.secrets === 'true' ? 'sealed' : 'omitted';
      const text = await store.exportText({ secrets });
      const code = secrets === 'sealed' ? 'with-sealed-passwords' : 'without-passwords';
      const notes = [{ code, facts: {} }] as const;
      await audit.record({ action: 'configuration-exported', actor, address: source, notes });
      return { text, fileName: `campanile-configuration-${toDateName(clock.wallMs())}.txt` };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/configuration/import/preview',
    permission: 'configuration.import',
    summary: 'Tells what an import of this text would change.',
    body: { type: 'text/plain', schema: configurationTextSchema },
    answer: { kind: 'json', status: 200, schema: importPreviewSchema },
    handler: async ({ body }, { store }) => {
      const { changes, issues } = await store.previewImport(body);
      return {
        body: {
          changes: presentChanges(changes),
          total: changes.length,
          issues: issues.slice(0, maxChangesShown).map(({ path, code, message }) => ({
            path,
            code,
            message,
          })),
        },
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/configuration/import',
    permission: 'configuration.import',
    summary: 'Makes the configuration equal to this text, as one revision.',
    query: changeQuerySchema,
    body: { type: 'text/plain', schema: configurationTextSchema },
    answer: { kind: 'json', status: 200, schema: revisionSchema },
    handler: async ({ body, query, identity, source }, { store, audit }) => {
      const { actor } = requireIdentity(identity);
      const { reason, confirmWithinSec } = query;
      const { changes } = await store.previewImport(body);
      requireChangesLetIn(store.settings, changes, 'after', source);
      const revision = await store.importText(body, { author: actor, reason, confirmWithinSec });
      const notes = [{ code: 'revision', facts: { number: String(revision.number) } }] as const;
      await audit.record({ action: 'configuration-imported', actor, address: source, notes });
      return { body: presentRevision(revision) };
    },
  }),
];
