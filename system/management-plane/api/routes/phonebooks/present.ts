/** Phonebooks and contacts as they leave. */
import type { StoredContact } from '../../../phonebooks/contact.ts';
import type { ContactsImportPreview as Preview } from '../../../phonebooks/contact-files/contacts-import.ts';
import type { ListedChange } from '../../../phonebooks/phonebook-changes.ts';
import type { ListedPhonebook } from '../../../phonebooks/phonebooks-service.ts';
import { presentInstant } from '../../wire/instant.ts';
import type { Contact, ContactsImportPreview, Phonebook, PhonebookChange } from './schema.ts';

/** Rows and issues of a preview that are told. */
const shownRows = 200;

export function presentPhonebook({ book, contacts, mayEdit }: ListedPhonebook): Phonebook {
  const { id, kind, name, version, readers } = book;
  return {
    id,
    kind,
    name,
    contacts,
    mayEdit,
    version,
    ...(kind === 'shared'
      ? {
          readers: { ...readers, users: [...readers.users], departments: [...readers.departments] },
        }
      : {}),
  };
}

export function presentContact(contact: StoredContact): Contact {
  const { id, bookId, numbers, ...fields } = contact;
  return { ...fields, id: String(id), phonebook: bookId, numbers: [...numbers] };
}

export function presentPreview(preview: Preview): ContactsImportPreview {
  const { importId, created, updated, skipped, refused, rows, problems } = preview;
  const wrong = rows.filter(({ action }) => action === 'error');
  const others = rows.filter(({ action }) => action !== 'error');
  return {
    ...(importId === undefined ? {} : { importId }),
    created,
    updated,
    skipped,
    refused,
    rows: [...wrong, ...others].slice(0, shownRows),
    issues: problems.slice(0, shownRows).map(({ line, field, code, message }) => ({
      path: [String(line), field ?? ''].filter((part) => part !== '').join('.'),
      code,
      message,
    })),
  };
}

export function presentChange(change: ListedChange): PhonebookChange {
  return {
    id: change.id,
    at: presentInstant(change.atMs),
    author: change.actorName,
    action: change.action,
    phonebook: change.bookId,
    phonebookName: change.bookName,
    title: change.title,
    contacts: change.contactCount,
    mayUndo: change.mayUndo,
    isUndone: change.undoneBy !== undefined,
  };
}
