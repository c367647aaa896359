/** The wire form of phonebooks, contacts, their import and their history. Browser-safe. */
import { z } from 'zod';
import { instantSchema, listQuery, numberInText, pageOf } from '../../wire/list-query.ts';
import { plannedRowsFields } from '../../wire/import-preview.ts';

export const phonebookKinds = ['shared', 'personal', 'colleagues'] as const;

/** In the order in which phones and lists show them. */
export const contactNumberKinds = [
  'office',
  'mobile',
  'home',
  'main',
  'extension',
  'other',
  'fax',
] as const;
export type ContactNumberKind = (typeof contactNumberKinds)[number];

const bookId = z.string().min(1).max(64);
const contactId = numberInText(1, Number.MAX_SAFE_INTEGER);

export const phonebookReadersSchema = z
  .strictObject({
    everyone: z.boolean(),
    /** Ids of users. */
    users: z.array(z.string().min(1).max(64)).max(500),
    departments: z.array(z.string().min(1).max(100)).max(100),
    /** Who sees the book may change its contacts, too. */
    mayEdit: z.boolean(),
  })
  .meta({ id: 'PhonebookReaders' });
export type PhonebookReaders = z.infer<typeof phonebookReadersSchema>;

export const phonebookSchema = z
  .object({
    id: z.string(),
    kind: z.enum(phonebookKinds),
    name: z.string(),
    contacts: z.int().min(0),
    /** Whether the account may change its contacts. */
    mayEdit: z.boolean(),
    /** Of shared books. */
    readers: phonebookReadersSchema.optional(),
    version: z.int(),
  })
  .meta({ id: 'Phonebook' });
export type Phonebook = z.infer<typeof phonebookSchema>;

export const phonebooksSchema = z
  .object({ items: z.array(phonebookSchema) })
  .meta({ id: 'Phonebooks' });
export type Phonebooks = z.infer<typeof phonebooksSchema>;

/** `own` is the personal book of the account, whether it has contacts already or not. */
export const phonebookParamsSchema = z.strictObject({ id: bookId });

export const phonebookCreateRequestSchema = z
  .strictObject({ name: z.string().min(1).max(60), readers: phonebookReadersSchema.optional() })
  .meta({ id: 'PhonebookCreateRequest' });

export const phonebookChangeRequestSchema = z
  .strictObject({
    name: z.string().min(1).max(60).optional(),
    readers: phonebookReadersSchema.optional(),
  })
  .meta({ id: 'PhonebookChangeRequest' });

export const contactNumberSchema = z
  .strictObject({ kind: z.enum(contactNumberKinds), number: z.string().max(64) })
  .meta({ id: 'ContactNumber' });
export type ContactNumber = z.infer<typeof contactNumberSchema>;

const contactShape = {
  firstName: z.string().max(300),
  lastName: z.string().max(300),
  organization: z.string().max(300),
  jobTitle: z.string().max(300),
  email: z.string().max(300),
  address: z.string().max(1000),
  note: z.string().max(3000),
  /** Short number, unique in its book. */
  speedCode: z.string().max(20),
};

export const contactSchema = z
  .object({
    id: z.string(),
    phonebook: z.string(),
    name: z.string(),
    ...z.object(contactShape).partial().shape,
    numbers: z.array(contactNumberSchema),
    version: z.int(),
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof contactSchema>;

/** With the number of the change, which `POST /phonebook-changes/{number}/undo` takes back. */
export const contactWrittenSchema = z
  .object({ contact: contactSchema, change: z.int() })
  .meta({ id: 'ContactWritten' });
export type ContactWritten = z.infer<typeof contactWrittenSchema>;

/** A name, first and last name or an organisation is required. */
export const contactCreateRequestSchema = z
  .strictObject({
    phonebook: bookId,
    name: z.string().max(300).optional(),
    ...z.object(contactShape).partial().shape,
    numbers: z.array(contactNumberSchema).max(50).optional(),
  })
  .meta({ id: 'ContactCreateRequest' });

const nullable = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().optional();

/** Fields that are named change; null empties one. `numbers` replaces all numbers. */
export const contactChangeRequestSchema = z
  .strictObject({
    name: nullable(z.string().max(300)),
    firstName: nullable(contactShape.firstName),
    lastName: nullable(contactShape.lastName),
    organization: nullable(contactShape.organization),
    jobTitle: nullable(contactShape.jobTitle),
    email: nullable(contactShape.email),
    address: nullable(contactShape.address),
    note: nullable(contactShape.note),
    speedCode: nullable(contactShape.speedCode),
    numbers: z.array(contactNumberSchema).max(50).optional(),
  })
  .meta({ id: 'ContactChangeRequest' });

export const contactsQuerySchema = listQuery(['name', 'organization']).extend({
  phonebook: bookId.optional().meta({ description: 'Only contacts of this phonebook, or `own`.' }),
});

export const contactPageSchema = pageOf(contactSchema).meta({ id: 'ContactPage' });

export const contactParamsSchema = z.strictObject({ id: contactId });

/** Contacts by id, all of one book; or everything of a book that a search leaves. */
export const contactsDeleteRequestSchema = z
  .union([
    z.strictObject({
      ids: z
        .array(z.string().regex(/^\d{1,15}$/))
        .min(1)
        .max(10_000),
    }),
    z.strictObject({ phonebook: bookId, search: z.string().max(100).optional() }),
  ])
  .meta({ id: 'ContactsDeleteRequest' });

export const phonebookChangeDoneSchema = z
  .object({ change: z.int() })
  .meta({ id: 'PhonebookChangeDone' });
export type PhonebookChangeDone = z.infer<typeof phonebookChangeDoneSchema>;

export const contactsFileSchema = z.string().min(1);

export const duplicatePolicies = ['skip', 'update', 'keep-both'] as const;
export type DuplicatePolicy = (typeof duplicatePolicies)[number];

export const contactsImportQuerySchema = z.strictObject({
  duplicates: z.enum(duplicatePolicies).default('skip').meta({
    description: 'What happens to contacts with name and organisation of one that is there.',
  }),
});

export const contactsImportPreviewSchema = z
  .object({
    /** Give it to the import; valid for 15 minutes. Missing when there is nothing to import. */
    importId: z.string().optional(),
    created: z.int().min(0),
    updated: z.int().min(0),
    skipped: z.int().min(0),
    /** Contacts that are wrong and will be left out. */
    refused: z.int().min(0),
    ...plannedRowsFields(['create', 'update', 'skip', 'error']),
  })
  .meta({ id: 'ContactsImportPreview' });
export type ContactsImportPreview = z.infer<typeof contactsImportPreviewSchema>;

export const contactsImportRequestSchema = z
  .strictObject({ importId: z.string().min(1).max(64) })
  .meta({ id: 'ContactsImportRequest' });

export const contactsImportedSchema = z
  .object({ created: z.int().min(0), updated: z.int().min(0), change: z.int() })
  .meta({ id: 'ContactsImported' });
export type ContactsImported = z.infer<typeof contactsImportedSchema>;

export const vcardQuerySchema = z.strictObject({ version: z.enum(['3.0', '4.0']).default('3.0') });

export const phonebookChangesQuerySchema = z.strictObject({
  phonebook: bookId.optional(),
  page: numberInText(1, 1_000_000).default(1),
  pageSize: numberInText(1, 200).default(20),
});

export const phonebookChangeSchema = z
  .object({
    id: z.int(),
    at: instantSchema,
    author: z.string(),
    action: z.enum([
      'book-created',
      'book-changed',
      'book-deleted',
      'contact-created',
      'contact-changed',
      'contacts-deleted',
      'imported',
      'undone',
    ]),
    phonebook: z.string(),
    phonebookName: z.string(),
    /** Of the contact, where it was one. */
    title: z.string(),
    contacts: z.int().min(0),
    mayUndo: z.boolean(),
    isUndone: z.boolean(),
  })
  .meta({ id: 'PhonebookChange' });
export type PhonebookChange = z.infer<typeof phonebookChangeSchema>;

export const phonebookChangePageSchema = pageOf(phonebookChangeSchema).meta({
  id: 'PhonebookChangePage',
});

export const phonebookChangeParamsSchema = z.strictObject({
  id: numberInText(1, Number.MAX_SAFE_INTEGER),
});

/** What to type into a phone or program that is not provisioned from here. */
export const ldapStateSchema = z
  .object({
    state: z.enum(['off', 'running', 'failed']),
    detail: z.string(),
    host: z.string(),
    port: z.int(),
    tlsPort: z.int(),
    security: z.enum(['none', 'starttls', 'ldaps']),
    base: z.string(),
    /** Name for the bind. */
    user: z.string(),
    connections: z.int().min(0),
  })
  .meta({ id: 'LdapState' });
export type LdapState = z.infer<typeof ldapStateSchema>;

export const ldapPasswordSchema = z.object({ password: z.string() }).meta({ id: 'LdapPassword' });
export type LdapPassword = z.infer<typeof ldapPasswordSchema>;
