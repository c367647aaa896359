/** Contacts to rows and back. */
import { type Contact, type StoredContact, toDialled } from '../contact.ts';
import { foldGerman, foldName } from './fold-name.ts';
import type { NumberKeys } from './number-keys.ts';
import type { ContactNumberRow, ContactRow } from './phonebook-tables.ts';

/** Sorts behind every text. */
const last = '\uffff';

export function toContactRow(
  { id, bookId, version }: Pick<StoredContact, 'id' | 'bookId' | 'version'>,
  contact: Contact,
  sourceId: string | null = null,
): ContactRow {
  const { name, firstName = '', lastName = '', organization = '', email = '' } = contact;
  const nameFold = foldName(name);
  const firstFold = foldName(firstName);
  // Who has no parts known is found by the whole name, as `sn` of LDAP tells it.
  const lastFold = foldName(firstName === '' && lastName === '' ? name : lastName);
  const parts = `${firstFold} ${lastFold}`.trim();
  const organizationFold = foldName(organization);
  const emailFold = foldName(email);
  const texts = [
    nameFold,
    parts === nameFold ? '' : parts,
    organizationFold,
    foldName(contact.jobTitle ?? ''),
    emailFold,
    foldGerman([name, organization].join(' ')) ?? '',
    contact.speedCode ?? '',
    ...contact.numbers.map(({ number }) => toDialled(number)),
  ];
  return {
    id,
    book_id: bookId,
    version,
    name,
    search_text: texts.filter((text) => text !== '').join('\n'),
    name_fold: nameFold,
    reversed_fold: lastFold === '' || firstFold === '' ? nameFold : `${lastFold} ${firstFold}`,
    first_fold: firstFold,
    last_fold: lastFold,
    organization_fold: organizationFold,
    organization_order: organizationFold === '' ? last : organizationFold,
    email_fold: emailFold,
    speed_code: contact.speedCode ?? null,
    source_id: sourceId,
    document: JSON.stringify(toContact(contact)),
  };
}

export function toNumberRows(id: number, contact: Contact, keys: NumberKeys): ContactNumberRow[] {
  return contact.numbers.map((number, position) => ({
    contact_id: id,
    position,
    kind: number.kind,
    dialled: toDialled(number.number),
    lookup_key: keys.toKey(number),
  }));
}

export function fromContactRow(
  row: Pick<ContactRow, 'id' | 'book_id' | 'version' | 'document'>,
): StoredContact {
  const contact = JSON.parse(row.document) as Contact;
  return { ...contact, id: row.id, bookId: row.book_id, version: row.version };
}

/** Without what only its place knows. */
export function toContact(contact: Contact | StoredContact): Contact {
  const {
    name,
    firstName,
    lastName,
    organization,
    jobTitle,
    numbers,
    email,
    address,
    note,
    speedCode,
  } = contact;
  return {
    name,
    firstName,
    lastName,
    organization,
    jobTitle,
    numbers,
    email,
    address,
    note,
    speedCode,
  };
}
