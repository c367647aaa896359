/**
 * What an import of contacts would do, row by row, without doing it: pure. Rows that are wrong are told
 * and left out; they keep nobody from importing the others. Tens of thousands of contacts take seconds, so
 * it is done in turns.
 */
import { checkContact, type Contact, type StoredContact } from '../contact.ts';
import { toContact } from '../store/contact-rows.ts';
import { foldName } from '../store/fold-name.ts';
import { importLimits, type ImportedContact, type ImportProblem } from './imported-contact.ts';
import type { ContactWrite } from '../store/phonebook-store.ts';

/**
 * What happens to a contact that the book (or the file, further up) has already, by name and
 * organisation: it stays as it is, gets what the file knows, or both are kept.
 */
export const duplicatePolicies = ['skip', 'update', 'keep-both'] as const;
export type DuplicatePolicy = (typeof duplicatePolicies)[number];

export interface PlannedContact {
  readonly line: number;
  readonly action: 'create' | 'update' | 'skip' | 'error';
  readonly title: string;
}

export interface ContactsImportPlan {
  readonly rows: readonly PlannedContact[];
  readonly problems: readonly ImportProblem[];
  readonly writes: readonly ContactWrite[];
}

export interface ContactsImportInput {
  readonly contacts: readonly ImportedContact[];
  /** Contacts of the book, at least those with a key of `duplicateKeyOf` that the file has. */
  readonly existing: readonly StoredContact[];
  /** Speed codes that contacts of the book have. */
  readonly speedCodes: ReadonlySet<string>;
  readonly policy: DuplicatePolicy;
}

export function duplicateKeyOf({ name = '', organization = '' }: Partial<Contact>): string {
  return `${foldName(name)}\n${foldName(organization)}`;
}

/** A turn is some ten milliseconds. */
const contactsOfTurn = 100;

export function* planContactsImport(
  input: ContactsImportInput,
): Generator<undefined, ContactsImportPlan, undefined> {
  const { policy } = input;
  const problems: ImportProblem[] = [];
  const rows: PlannedContact[] = [];
  /** By key: where the contact is in `writes`, or the stored one. */
  const known = new Map<string, { readonly stored?: StoredContact; write?: number }>();
  for (const stored of input.existing) {
    const key = duplicateKeyOf(stored);
    if (!known.has(key)) {
      known.set(key, { stored });
    }
  }
  const writes: ContactWrite[] = [];
  const speedCodes = new Set(input.speedCodes);
  for (const [index, { line, values }] of input.contacts.entries()) {
    if (index > 0 && index % contactsOfTurn === 0) {
      yield;
    }
    const { contact, issues } = checkContact(values);
    const found = policy === 'keep-both' ? undefined : known.get(duplicateKeyOf(contact));
    const current =
      found === undefined
        ? undefined
        : found.write === undefined
          ? found.stored
          : writes[found.write]?.after;
    const after = current === undefined ? contact : mergeContact(current, contact);
    const isSkipped = current !== undefined && (policy === 'skip' || isSame(current, after));
    const isCodeTaken =
      after.speedCode !== undefined &&
      after.speedCode !== current?.speedCode &&
      speedCodes.has(after.speedCode);
    const wrong = [
      ...issues,
      ...(isCodeTaken && !isSkipped
        ? [{ path: 'speedCode', code: 'repeated', message: 'another contact has this speed code' }]
        : []),
    ];
    for (const { path, code, message } of wrong) {
      if (problems.length < importLimits.problems) {
        problems.push({ line, field: path.split('.')[0], code, message });
      }
    }
    const title = contact.name;
    if (wrong.length > 0) {
      rows.push({ line, action: 'error', title });
    } else if (isSkipped) {
      rows.push({ line, action: 'skip', title });
    } else {
      rows.push({ line, action: current === undefined ? 'create' : 'update', title });
      if (after.speedCode !== undefined) {
        speedCodes.add(after.speedCode);
      }
      if (found?.write === undefined) {
        writes.push({ before: found?.stored, after });
        known.set(duplicateKeyOf(contact), { ...found, write: writes.length - 1 });
      } else {
        writes[found.write] = { ...writes[found.write], after };
      }
    }
  }
  return { rows, problems, writes };
}

/** The file's values over the stored ones; numbers are added, none is taken away. */
function mergeContact(current: Contact, from: Contact): Contact {
  const given = Object.fromEntries(
    Object.entries(from).filter(([, value]) => value !== undefined),
  ) as unknown as Contact;
  const { contact } = checkContact({
    ...toContact(current),
    ...given,
    numbers: [...current.numbers, ...from.numbers],
  });
  return contact;
}

function isSame(a: Contact, b: Contact): boolean {
  return JSON.stringify(toContact(a)) === JSON.stringify(toContact(b));
}
