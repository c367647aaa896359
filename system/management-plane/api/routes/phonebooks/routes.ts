/** Phonebooks: the books themselves, what they hold as files, and their history. */
import { Readable } from 'node:stream';
import { toDateName } from '../../wire/download-name.ts';
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentChange, presentPhonebook, presentPreview } from './present.ts';
import {
  contactsFileSchema,
  contactsImportedSchema,
  contactsImportPreviewSchema,
  contactsImportQuerySchema,
  contactsImportRequestSchema,
  phonebookChangeDoneSchema,
  phonebookChangePageSchema,
  phonebookChangeParamsSchema,
  phonebookChangeRequestSchema,
  phonebookChangesQuerySchema,
  phonebookCreateRequestSchema,
  phonebookParamsSchema,
  phonebookSchema,
  phonebooksSchema,
  vcardQuerySchema,
} from './schema.ts';

export const phonebooksRoutes = [
  defineRoute({
    method: 'GET',
    path: '/phonebooks',
    permission: 'phonebooks.use',
    summary: 'Lists the phonebooks that the account sees: its own, the colleagues, shared ones.',
    answer: { kind: 'json', status: 200, schema: phonebooksSchema },
    handler: async ({ identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      return { body: { items: (await service.books(actor)).map(presentPhonebook) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/phonebooks',
    permission: 'phonebooks.manage',
    summary: 'Makes a shared phonebook.',
    body: { type: 'application/json', schema: phonebookCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: phonebookSchema, hasVersion: true },
    handler: async ({ body, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      const book = await service.createBook(actor, body.name, body.readers);
      return {
        body: presentPhonebook({ book, contacts: 0, mayEdit: true }),
        version: book.version,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/phonebooks/{id}',
    permission: 'phonebooks.use',
    summary: 'Tells one phonebook.',
    params: phonebookParamsSchema,
    answer: { kind: 'json', status: 200, schema: phonebookSchema, hasVersion: true },
    handler: async ({ params, identity }, { phonebooks: { service } }) => {
      const found = await service.findBook(requireIdentity(identity).actor, params.id);
      return { body: presentPhonebook(found), version: found.book.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/phonebooks/{id}',
    permission: 'phonebooks.manage',
    summary: 'Changes name or readers of a shared phonebook.',
    params: phonebookParamsSchema,
    body: { type: 'application/json', schema: phonebookChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: phonebookSchema, hasVersion: true },
    handler: async ({ params, body, condition, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      const { version } = await service.updateBook(actor, params.id, body, toIfVersion(condition));
      return { body: presentPhonebook(await service.findBook(actor, params.id)), version };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/phonebooks/{id}',
    permission: 'phonebooks.manage',
    summary:
      'Deletes a shared phonebook with its contacts; the history of changes can bring it back.',
    params: phonebookParamsSchema,
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: phonebookChangeDoneSchema },
    handler: async ({ params, condition, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      return {
        body: { change: await service.deleteBook(actor, params.id, toIfVersion(condition)) },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/phonebooks/{id}/export.csv',
    permission: 'phonebooks.use',
    summary: 'Gives a phonebook as CSV, which the import reads back.',
    params: phonebookParamsSchema,
    answer: { kind: 'text', status: 200, type: 'text/csv' },
    handler: async ({ params, identity, source }, { phonebooks, audit, clock }) => {
      const { actor } = requireIdentity(identity);
      const { book } = await phonebooks.service.findBook(actor, params.id);
      const notes = [{ code: 'as-csv', facts: { name: book.name } }] as const;
      await audit.record({ action: 'phonebook-exported', actor, address: source, notes });
      return {
        text: Readable.from(phonebooks.exportCsv(book.id)),
        fileName: `campanile-phonebook-${toDateName(clock.wallMs())}.csv`,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/phonebooks/{id}/export.vcf',
    permission: 'phonebooks.use',
    summary: 'Gives a phonebook as vCards of version 3.0 or 4.0.',
    params: phonebookParamsSchema,
    query: vcardQuerySchema,
    answer: { kind: 'text', status: 200, type: 'text/vcard' },
    handler: async ({ params, query, identity, source }, { phonebooks, audit, clock }) => {
      const { actor } = requireIdentity(identity);
      const { book } = await phonebooks.service.findBook(actor, params.id);
      const notes = [{ code: 'as-vcards', facts: { name: book.name } }] as const;
      await audit.record({ action: 'phonebook-exported', actor, address: source, notes });
      return {
        text: Readable.from(phonebooks.exportVcards(book.id, query.version)),
        fileName: `campanile-phonebook-${toDateName(clock.wallMs())}.vcf`,
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/phonebooks/{id}/import-csv/preview',
    permission: 'phonebooks.use',
    summary: 'Tells what an import of this CSV file into the phonebook would do.',
    params: phonebookParamsSchema,
    query: contactsImportQuerySchema,
    body: { type: 'text/csv', schema: contactsFileSchema },
    answer: { kind: 'json', status: 200, schema: contactsImportPreviewSchema },
    handler: async ({ params, query, body, identity }, { phonebooks: { contactsImport } }) => {
      const { actor } = requireIdentity(identity);
      const file = { text: body, format: 'csv' as const };
      return {
        body: presentPreview(
          await contactsImport.preview(actor, params.id, file, query.duplicates),
        ),
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/phonebooks/{id}/import-vcard/preview',
    permission: 'phonebooks.use',
    summary: 'Tells what an import of these vCards (2.1, 3.0 or 4.0) into the phonebook would do.',
    params: phonebookParamsSchema,
    query: contactsImportQuerySchema,
    body: { type: 'text/vcard', schema: contactsFileSchema },
    answer: { kind: 'json', status: 200, schema: contactsImportPreviewSchema },
    handler: async ({ params, query, body, identity }, { phonebooks: { contactsImport } }) => {
      const { actor } = requireIdentity(identity);
      const file = { text: body, format: 'vcard' as const };
      return {
        body: presentPreview(
          await contactsImport.preview(actor, params.id, file, query.duplicates),
        ),
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/phonebooks/{id}/import',
    permission: 'phonebooks.use',
    summary: 'Imports what was previewed: all of it or, when it fails, nothing.',
    params: phonebookParamsSchema,
    body: { type: 'application/json', schema: contactsImportRequestSchema },
    answer: { kind: 'json', status: 200, schema: contactsImportedSchema },
    handler: async ({ params, body, identity, source }, { phonebooks, audit }) => {
      const { actor } = requireIdentity(identity);
      const { created, updated, changeId, book } = await phonebooks.contactsImport.apply(
        actor,
        params.id,
        body.importId,
      );
      const notes = [
        { code: 'text', facts: { text: book.name } },
        { code: 'created-updated', facts: { created, updated } },
      ] as const;
      await audit.record({ action: 'phonebook-imported', actor, address: source, notes });
      return { body: { created, updated, change: changeId } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/phonebook-changes',
    permission: 'phonebooks.use',
    summary: 'Lists changes of the phonebooks that the account may change, the newest first.',
    query: phonebookChangesQuerySchema,
    answer: { kind: 'json', status: 200, schema: phonebookChangePageSchema },
    handler: async ({ query, identity }, { phonebooks: { changes } }) => {
      const { actor } = requireIdentity(identity);
      const { page, pageSize, phonebook } = query;
      const { items, total } = await changes.list(actor, { bookId: phonebook, page, pageSize });
      return { body: { items: items.map(presentChange), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/phonebook-changes/{id}/undo',
    permission: 'phonebooks.use',
    summary: 'Takes a change back; refused when some of it was changed again since.',
    params: phonebookChangeParamsSchema,
    answer: { kind: 'json', status: 200, schema: phonebookChangeDoneSchema },
    handler: async ({ params, identity }, { phonebooks: { changes } }) => {
      const { actor } = requireIdentity(identity);
      return { body: { change: await changes.undo(actor, params.id) } };
    },
  }),
];
