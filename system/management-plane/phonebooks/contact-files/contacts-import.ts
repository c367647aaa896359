/** Contacts out of a CSV or vCard file in two steps: look at what it would do, then do all of it at once. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../foundation/clock.ts';
import type { Actor } from '../../actor.ts';
import { PendingImports } from '../../csv/pending-imports.ts';
import type { StoredContact } from '../contact.ts';
import { parseContactsCsv } from './contacts-csv.ts';
import { importLimits, type ImportedContact, type ImportProblem } from './imported-contact.ts';
import { parseVcards } from './parse-vcard.ts';
import type { Phonebook } from '../phonebook.ts';
import type { PhonebookRights } from '../phonebook-rights.ts';
import type { PhonebookStore } from '../store/phonebook-store.ts';
import { PhonebooksError } from '../phonebooks-error.ts';
import type { PhonebooksService } from '../phonebooks-service.ts';
import {
  duplicateKeyOf,
  planContactsImport,
  type ContactsImportPlan,
  type DuplicatePolicy,
  type PlannedContact,
} from './plan-contacts-import.ts';

export type ContactsFileFormat = 'csv' | 'vcard';

export interface ContactsImportPreview {
  /** Undefined when there is nothing to do. */
  readonly importId: string | undefined;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  /** Rows that are wrong and will be left out. */
  readonly refused: number;
  readonly rows: readonly PlannedContact[];
  readonly problems: readonly ImportProblem[];
}

interface PendingImport {
  readonly bookId: string;
  readonly contacts: readonly ImportedContact[];
  readonly policy: DuplicatePolicy;
}

/** Each may hold tens of megabytes. */
const maximumPending = 3;

export class ContactsImport {
  readonly #store: PhonebookStore;
  readonly #rights: PhonebookRights;
  readonly #phonebooks: PhonebooksService;
  readonly #pending: PendingImports<PendingImport>;

  constructor(options: {
    readonly store: PhonebookStore;
    readonly rights: PhonebookRights;
    readonly phonebooks: PhonebooksService;
    readonly clock: Pick<Clock, 'nowMs'>;
  }) {
    this.#store = options.store;
    this.#rights = options.rights;
    this.#phonebooks = options.phonebooks;
    this.#pending = new PendingImports(options.clock, maximumPending);
  }

  /** Rejects with PhonebooksError. What is wrong inside the file is in the answer. */
  async preview(
    actor: Actor,
    bookId: string,
    file: { readonly text: string; readonly format: ContactsFileFormat },
    policy: DuplicatePolicy,
  ): Promise<ContactsImportPreview> {
    const book = await this.#rights.requireEditable(actor, bookId);
    if (Buffer.byteLength(file.text) > importLimits.fileBytes) {
      const megabytes = String(importLimits.fileBytes / 1_000_000);
      throw new PhonebooksError('too-large', `The file is larger than ${megabytes} MB.`);
    }
    const { contacts, problems } =
      file.format === 'csv' ? parseContactsCsv(file.text) : parseVcards(file.text);
    await nextTurn();
    const plan = await this.#plan(book, contacts, policy);
    const count = (action: PlannedContact['action']): number =>
      plan.rows.filter((row) => row.action === action).length;
    const pending = { bookId: book.id, contacts, policy };
    return {
      importId: plan.writes.length > 0 ? this.#pending.add(actor, pending) : undefined,
      created: count('create'),
      updated: count('update'),
      skipped: count('skip'),
      refused: count('error'),
      rows: plan.rows,
      problems: [...problems, ...plan.problems].sort((a, b) => a.line - b.line),
    };
  }

  /** Imports what was previewed, against the book as it is now. Rejects with PhonebooksError. */
  async apply(
    actor: Actor,
    bookId: string,
    importId: string,
  ): Promise<{
    readonly created: number;
    readonly updated: number;
    readonly changeId: number;
    readonly book: Phonebook;
  }> {
    const book = await this.#rights.requireEditable(actor, bookId);
    const pending = this.#pending.find(actor, importId);
    if (pending?.bookId !== book.id) {
      throw new PhonebooksError('not-found', 'The preview is too old. Upload the file again.');
    }
    const plan = await this.#plan(book, pending.contacts, pending.policy);
    const updated = plan.writes.filter(({ before }) => before !== undefined).length;
    const created = plan.writes.length - updated;
    await this.#phonebooks.requireRoom(book, created);
    const { changeId } = await this.#store.commit({
      actor,
      action: 'imported',
      book,
      title: `${String(created)} + ${String(updated)}`,
      writes: plan.writes,
    });
    this.#pending.delete(importId);
    return { created, updated, changeId, book };
  }

  async #plan(
    book: Phonebook,
    contacts: readonly ImportedContact[],
    policy: DuplicatePolicy,
  ): Promise<ContactsImportPlan> {
    const keys = new Set(contacts.map(({ values }) => duplicateKeyOf(nameOf(values))));
    const existing: StoredContact[] = [];
    const speedCodes = new Set<string>();
    for await (const contact of this.#store.contacts.contactsOf(book.id)) {
      if (contact.speedCode !== undefined) {
        speedCodes.add(contact.speedCode);
      }
      if (keys.has(duplicateKeyOf(contact))) {
        existing.push(contact);
      }
    }
    const turns = planContactsImport({ contacts, existing, speedCodes, policy });
    let turn = turns.next();
    while (turn.done !== true) {
      await nextTurn();
      turn = turns.next();
    }
    return turn.value;
  }
}

/** The name that the check will give it, roughly enough to find what may be the same. */
function nameOf(values: ImportedContact['values']): ImportedContact['values'] {
  const parts = [values.firstName, values.lastName].filter((part) => part !== undefined).join(' ');
  const name = values.name ?? (parts === '' ? values.organization : parts);
  return { ...values, ...(name === undefined ? {} : { name }) };
}
