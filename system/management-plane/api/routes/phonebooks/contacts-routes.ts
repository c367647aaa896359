/** Contacts: list, make, look at, change, delete. */
import { toIfVersion } from '../../wire/entity-tag.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import { presentContact } from './present.ts';
import {
  contactChangeRequestSchema,
  contactCreateRequestSchema,
  contactPageSchema,
  contactParamsSchema,
  contactsDeleteRequestSchema,
  contactSchema,
  contactsQuerySchema,
  contactWrittenSchema,
  phonebookChangeDoneSchema,
} from './schema.ts';

export const contactsRoutes = [
  defineRoute({
    method: 'GET',
    path: '/contacts',
    permission: 'phonebooks.use',
    summary: 'Lists contacts of one phonebook, or of all that the account sees.',
    query: contactsQuerySchema,
    answer: { kind: 'json', status: 200, schema: contactPageSchema },
    handler: async ({ query, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      const { phonebook, page, pageSize, ...rest } = query;
      const { items, total } = await service.list(actor, {
        ...rest,
        bookId: phonebook,
        page,
        pageSize,
      });
      return { body: { items: items.map(presentContact), total, page, pageSize } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/contacts',
    permission: 'phonebooks.use',
    summary: 'Makes a contact.',
    body: { type: 'application/json', schema: contactCreateRequestSchema },
    answer: { kind: 'json', status: 201, schema: contactWrittenSchema, hasVersion: true },
    handler: async ({ body, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      const { phonebook, ...fields } = body;
      const { contact, changeId } = await service.createContact(actor, phonebook, fields);
      return {
        body: { contact: presentContact(contact), change: changeId },
        version: contact.version,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/contacts/{id}',
    permission: 'phonebooks.use',
    summary: 'Tells one contact.',
    params: contactParamsSchema,
    answer: { kind: 'json', status: 200, schema: contactSchema, hasVersion: true },
    handler: async ({ params, identity }, { phonebooks: { service } }) => {
      const { contact } = await service.findContact(requireIdentity(identity).actor, params.id);
      return { body: presentContact(contact), version: contact.version };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/contacts/{id}',
    permission: 'phonebooks.use',
    summary: 'Changes the fields of a contact that are named.',
    params: contactParamsSchema,
    body: { type: 'application/json', schema: contactChangeRequestSchema },
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: contactWrittenSchema, hasVersion: true },
    handler: async ({ params, body, condition, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      const ifVersion = toIfVersion(condition);
      const { contact, changeId } = await service.updateContact(actor, params.id, body, ifVersion);
      return {
        body: { contact: presentContact(contact), change: changeId },
        version: contact.version,
      };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/contacts/{id}',
    permission: 'phonebooks.use',
    summary: 'Deletes a contact.',
    params: contactParamsSchema,
    needsIfMatch: true,
    answer: { kind: 'json', status: 200, schema: phonebookChangeDoneSchema },
    handler: async ({ params, condition, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      const change = await service.deleteContacts(actor, [params.id], toIfVersion(condition));
      return { body: { change } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/contacts/delete',
    permission: 'phonebooks.use',
    summary: 'Deletes many contacts of one phonebook, as one change.',
    body: { type: 'application/json', schema: contactsDeleteRequestSchema },
    answer: { kind: 'json', status: 200, schema: phonebookChangeDoneSchema },
    handler: async ({ body, identity }, { phonebooks: { service } }) => {
      const { actor } = requireIdentity(identity);
      const change =
        'ids' in body
          ? await service.deleteContacts(actor, body.ids.map(Number))
          : await service.deleteMatching(actor, body.phonebook, body.search);
      return { body: { change } };
    },
  }),
];
