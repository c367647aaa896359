/** A contact: what people know of somebody whom they call. */

/** In the order in which phones and lists show them. */
export const numberKinds = [
  'office',
  'mobile',
  'home',
  'main',
  'extension',
  'other',
  'fax',
] as const;
export type NumberKind = (typeof numberKinds)[number];

export interface ContactNumber {
  readonly kind: NumberKind;
  /** As it was typed. */
  readonly number: string;
}

export interface Contact {
  /** As it is shown; of a company without a person its organisation. */
  readonly name: string;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly organization?: string | undefined;
  readonly jobTitle?: string | undefined;
  readonly numbers: readonly ContactNumber[];
  readonly email?: string | undefined;
  readonly address?: string | undefined;
  readonly note?: string | undefined;
  /** Short number, unique in its book. */
  readonly speedCode?: string | undefined;
}

export interface StoredContact extends Contact {
  readonly id: number;
  readonly bookId: string;
  /** Counted up by every change. */
  readonly version: number;
}

export const contactLimits = {
  /** Characters. */
  name: 120,
  short: 100,
  email: 254,
  address: 300,
  note: 1000,
  number: 40,
  numbers: 12,
  contactsPerBook: 100_000,
  personalContacts: 10_000,
} as const;

export const speedCodePattern = /^[0-9*#]{1,8}$/;
/** What people write between digits, and what phones can dial. */
export const numberPattern = /^\+?[0-9*#()[\]. /\-\u00a0\u2010-\u2015]{1,40}$/;

export interface ContactIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

type TextField =
  | 'firstName'
  | 'lastName'
  | 'organization'
  | 'jobTitle'
  | 'email'
  | 'address'
  | 'note';

const textLimits: Readonly<Record<TextField, number>> = {
  firstName: contactLimits.short,
  lastName: contactLimits.short,
  organization: contactLimits.short,
  jobTitle: contactLimits.short,
  email: contactLimits.email,
  address: contactLimits.address,
  note: contactLimits.note,
};

/** Text fields that may hold several lines. */
const multiLine: ReadonlySet<string> = new Set(['address', 'note']);

/**
 * Trims and completes what was given: a name out of its parts or the organisation, no empty fields,
 * no number twice. Every issue at once.
 */
export function checkContact(input: Partial<Contact>): {
  readonly contact: Contact;
  readonly issues: readonly ContactIssue[];
} {
  const issues: ContactIssue[] = [];
  const fields: Partial<Record<TextField, string>> = {};
  for (const [name, maximum] of Object.entries(textLimits) as [TextField, number][]) {
    const value = cleanText(input[name] ?? '', multiLine.has(name));
    if (value.length > maximum) {
      issues.push(tooLong(name, maximum));
    } else if (value !== '') {
      fields[name] = value;
    }
  }
  const parts = [fields.firstName, fields.lastName].filter((part) => part !== undefined).join(' ');
  const given = cleanText(input.name ?? '', false);
  const name = given === '' ? (parts === '' ? (fields.organization ?? '') : parts) : given;
  if (name === '') {
    issues.push({
      path: 'name',
      code: 'missing',
      message: 'a name or an organisation is required',
    });
  } else if (name.length > contactLimits.name) {
    issues.push(tooLong('name', contactLimits.name));
  }
  const { email } = fields;
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    issues.push({ path: 'email', code: 'invalid-value', message: 'is not an e-mail address' });
  }
  const speedCode = (input.speedCode ?? '').trim();
  if (speedCode !== '' && !speedCodePattern.test(speedCode)) {
    const message = 'must consist of at most 8 digits, * and #';
    issues.push({ path: 'speedCode', code: 'invalid-value', message });
  }
  const numbers = checkNumbers(input.numbers ?? [], issues);
  return {
    contact: { name, ...fields, numbers, ...(speedCode === '' ? {} : { speedCode }) },
    issues,
  };
}

function checkNumbers(numbers: readonly ContactNumber[], issues: ContactIssue[]): ContactNumber[] {
  const checked: ContactNumber[] = [];
  for (const [index, { kind, number }] of numbers.entries()) {
    const text = number.trim();
    if (text === '') {
      continue;
    }
    if (!numberPattern.test(text) || !/[0-9*#]/.test(text)) {
      issues.push({
        path: `numbers.${String(index)}.number`,
        code: 'invalid-value',
        message: `“${text.slice(0, 40)}” is not a phone number`,
      });
    } else if (!checked.some((other) => other.kind === kind && other.number === text)) {
      checked.push({ kind, number: text });
    }
  }
  if (checked.length > contactLimits.numbers) {
    const message = `at most ${String(contactLimits.numbers)} numbers`;
    issues.push({ path: 'numbers', code: 'too-many', message });
  }
  return checked;
}

/** What a phone dials: no spaces, brackets or dashes; the `(0)` after a country code goes. */
export function toDialled(number: string): string {
  const isGlobal = number.trimStart().startsWith('+');
  const digits = (isGlobal ? number.replace('(0)', '') : number).replace(/[^0-9*#]/g, '');
  return isGlobal ? `+${digits}` : digits;
}

function cleanText(text: string, isMultiLine: boolean): string {
  const lines = text.normalize('NFC').replace(/\r\n?/g, '\n');
  const clean = isMultiLine
    ? lines.replace(/[^\P{Cc}\n]/gu, '')
    : lines.replace(/\p{Cc}+/gu, ' ').replace(/\s+/g, ' ');
  return clean.trim();
}

function tooLong(path: string, maximum: number): ContactIssue {
  return { path, code: 'too-long', message: `has more than ${String(maximum)} characters` };
}
