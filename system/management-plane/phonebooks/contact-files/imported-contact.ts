/** A contact as a file has it, before it is known whether it becomes one. */
import type { Contact } from '../contact.ts';

export interface ImportProblem {
  /** Of the file, from 1. */
  readonly line: number;
  /** Column or field, where the problem is one of a value. */
  readonly field: string | undefined;
  readonly code: string;
  readonly message: string;
}

export interface ImportedContact {
  readonly line: number;
  readonly values: Partial<Contact>;
}

export interface ImportedContacts {
  readonly contacts: readonly ImportedContact[];
  readonly problems: readonly ImportProblem[];
}

export const importLimits = {
  fileBytes: 10_000_000,
  contacts: 50_000,
  /** More are not told one by one. */
  problems: 1_000,
} as const;
