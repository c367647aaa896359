/**
 * vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) to contacts, as phones and address books write them: folded
 * lines, quoted-printable, groups (`item1.TEL`). What is no contact data (pictures, keys) is passed
 * over; nothing in a file makes it throw.
 */
import { contactLimits, type Contact, type ContactNumber, type NumberKind } from '../contact.ts';
import {
  importLimits,
  type ImportedContact,
  type ImportedContacts,
  type ImportProblem,
} from './imported-contact.ts';

interface Property {
  readonly line: number;
  readonly name: string;
  /** Upper case; types of all spellings together. */
  readonly types: ReadonlySet<string>;
  readonly parameters: ReadonlyMap<string, string>;
  readonly value: string;
}

interface LogicalLine {
  readonly line: number;
  readonly text: string;
}

/** Characters of one logical line that are looked at: more is a picture. */
const maximumLine = 4_000;
const maximumPropertiesPerCard = 500;

export function parseVcards(text: string): ImportedContacts {
  const contacts: ImportedContact[] = [];
  const problems: ImportProblem[] = [];
  let card: { readonly line: number; readonly properties: Property[]; depth: number } | undefined;
  const report = (line: number, code: string, message: string): void => {
    if (problems.length < importLimits.problems) {
      problems.push({ line, field: undefined, code, message });
    }
  };
  for (const { line, text: content } of unfold(text)) {
    const property = parseProperty(line, content);
    if (property === undefined) {
      if (card !== undefined && content.trim() !== '') {
        report(line, 'unreadable', 'the line is not a property of a vCard');
      }
      continue;
    }
    const isCardEdge = property.value.trim().toUpperCase() === 'VCARD';
    if (property.name === 'BEGIN' && isCardEdge) {
      if (card === undefined) {
        card = { line, properties: [], depth: 0 };
      } else {
        // An AGENT of version 2.1: a card inside a card.
        card.depth += 1;
      }
    } else if (property.name === 'END' && isCardEdge) {
      if (card === undefined) {
        report(line, 'unreadable', 'a vCard ends that never began');
      } else if (card.depth > 0) {
        card.depth -= 1;
      } else {
        if (contacts.length === importLimits.contacts) {
          report(
            line,
            'too-many-rows',
            `the file has more than ${String(importLimits.contacts)} contacts`,
          );
          return { contacts, problems };
        }
        contacts.push({ line: card.line, values: toValues(card.properties) });
        card = undefined;
      }
    } else if (card?.depth === 0 && card.properties.length < maximumPropertiesPerCard) {
      card.properties.push(property);
    }
  }
  if (card !== undefined) {
    report(card.line, 'unreadable', 'the vCard never ends; is the file cut off?');
  }
  if (contacts.length === 0 && problems.length === 0) {
    report(1, 'empty', 'the file has no vCard');
  }
  return { contacts, problems };
}

/** Lines that begin with a space go on with the one before; so do lines of quoted-printable that end in `=`. */
function* unfold(text: string): Generator<LogicalLine> {
  let current: { line: number; text: string } | undefined;
  let number = 0;
  let start = 0;
  while (start <= text.length) {
    const end = text.indexOf('\n', start);
    const raw = text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
    start = end === -1 ? text.length + 1 : end + 1;
    number += 1;
    if (current !== undefined && /^[ \t]/.test(raw)) {
      append(current, raw.slice(1));
    } else if (current !== undefined && isSoftBroken(current.text)) {
      append(current, `\n${raw}`);
    } else {
      if (current !== undefined) {
        yield current;
      }
      current = { line: number, text: raw.slice(0, maximumLine) };
    }
  }
  if (current !== undefined) {
    yield current;
  }
}

function append(line: { text: string }, more: string): void {
  if (line.text.length < maximumLine) {
    line.text += more.slice(0, maximumLine - line.text.length);
  }
}

function isSoftBroken(text: string): boolean {
  return text.endsWith('=') && /^[^:]*quoted-printable[^:]*:/i.test(text);
}

function parseProperty(line: number, text: string): Property | undefined {
  const colon = findColon(text);
  if (colon === -1) {
    return undefined;
  }
  const [head = '', ...parts] = splitOutsideQuotes(text.slice(0, colon), ';');
  const name = head.slice(head.lastIndexOf('.') + 1).toUpperCase();
  if (!/^[A-Z0-9-]+$/.test(name)) {
    return undefined;
  }
  const types = new Set<string>();
  const parameters = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const key = equals === -1 ? 'TYPE' : part.slice(0, equals).trim().toUpperCase();
    const value = (equals === -1 ? part : part.slice(equals + 1)).trim();
    if (key === 'TYPE') {
      for (const type of value.replaceAll('"', '').split(',')) {
        types.add(type.trim().toUpperCase());
      }
    } else {
      parameters.set(key, value.replaceAll('"', ''));
    }
  }
  return {
    line,
    name,
    types,
    parameters,
    value: decodeValue(text.slice(colon + 1), types, parameters),
  };
}

/** The first colon outside quotes. */
function findColon(text: string): number {
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === ':' && !isQuoted) {
      return index;
    }
  }
  return -1;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '"') {
      isQuoted = !isQuoted;
    } else if (text[index] === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function decodeValue(
  value: string,
  types: ReadonlySet<string>,
  parameters: ReadonlyMap<string, string>,
): string {
  const encoding = (parameters.get('ENCODING') ?? '').toUpperCase();
  if (encoding !== 'QUOTED-PRINTABLE' && !types.has('QUOTED-PRINTABLE')) {
    return value;
  }
  const bytes: Buffer[] = [];
  for (const part of value.replace(/=\n/g, '').split(/(=[0-9A-Fa-f]{2})/)) {
    bytes.push(
      /^=[0-9A-Fa-f]{2}$/.test(part)
        ? Buffer.from(part.slice(1), 'hex')
        : Buffer.from(part, 'utf8'),
    );
  }
  return decodeBytes(Buffer.concat(bytes), parameters.get('CHARSET'));
}

function decodeBytes(bytes: Buffer, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes);
  } catch {
    // A character set that nobody knows: the usual one.
    return new TextDecoder('utf-8').decode(bytes);
  }
}

function toValues(properties: readonly Property[]): Partial<Contact> {
  const values: { -readonly [Name in keyof Contact]?: Contact[Name] } = {};
  const numbers: ContactNumber[] = [];
  const first = (name: Exclude<keyof Contact, 'numbers'>, value: string): void => {
    if (value.trim() !== '') {
      values[name] ??= value;
    }
  };
  for (const property of properties) {
    const { name, value } = property;
    switch (name) {
      case 'FN':
        first('name', unescape(value));
        break;
      case 'N': {
        const [lastName = '', firstName = '', middle = ''] = splitComponents(value);
        first('lastName', lastName);
        first('firstName', [firstName, middle].filter((part) => part !== '').join(' '));
        break;
      }
      case 'ORG':
        first(
          'organization',
          splitComponents(value)
            .filter((part) => part !== '')
            .join(', '),
        );
        break;
      case 'TITLE':
        first('jobTitle', unescape(value));
        break;
      case 'EMAIL':
        first('email', unescape(value).replace(/^mailto:/i, ''));
        break;
      case 'NOTE':
        // Other programs write more than is kept: the beginning is worth more than an error.
        first('note', unescape(value).slice(0, contactLimits.note));
        break;
      case 'ADR':
        first(
          'address',
          splitComponents(value)
            .filter((part) => part !== '')
            .join(', ')
            .slice(0, contactLimits.address),
        );
        break;
      case 'TEL':
        numbers.push(...toNumbers(property));
        break;
      case 'X-SPEED-CODE':
        first('speedCode', value);
        break;
      default:
    }
  }
  return { ...values, numbers };
}

function toNumbers({ value, types }: Property): ContactNumber[] {
  const text = unescape(value).trim();
  const isUri = /^tel:/i.test(text);
  const number = isUri ? decodeUri(text.slice(4).split(';')[0] ?? '') : text;
  return number === '' ? [] : [{ kind: toKind(types), number }];
}

function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toKind(types: ReadonlySet<string>): NumberKind {
  if (types.has('FAX')) {
    return 'fax';
  }
  if (types.has('X-EXTENSION')) {
    return 'extension';
  }
  if (types.has('CELL') || types.has('MOBILE') || types.has('IPHONE')) {
    return 'mobile';
  }
  if (types.has('HOME')) {
    return 'home';
  }
  if (types.has('MAIN')) {
    return 'main';
  }
  return types.has('WORK') || types.has('VOICE') || types.has('PREF') ? 'office' : 'other';
}

/** Components between semicolons; an escaped semicolon is none (RFC 6350 §3.4). */
function splitComponents(value: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < value.length; index += 1) {
    const character = value[index] ?? '';
    if (character === '\\') {
      part += character + (value[index + 1] ?? '');
      index += 1;
    } else if (character === ';') {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part].map((text) => unescape(text).trim());
}

function unescape(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) =>
    character === 'n' || character === 'N' ? '\n' : character,
  );
}
