/**
 * LDAP filters → conditions on rows of contacts, with the three values of RFC 4511 §4.5.1: what
 * nobody knows is neither true nor false, and `not` does not change that.
 */
import { sql, type ExpressionBuilder } from 'kysely';
import type { LdapFilter } from '../../../../provisioning/ldap/ldap-filter.ts';
import { foldName } from '../store/fold-name.ts';
import { toDialled, type NumberKind } from '../contact.ts';
import type { ContactCondition } from '../store/contact-reader.ts';
import type { NumberKeys } from '../store/number-keys.ts';

import type { PhonebookTables } from '../store/phonebook-tables.ts';

type Where = ExpressionBuilder<PhonebookTables, 'contacts'>;
type Expression = ReturnType<ContactCondition>;
type Value = Expression | 'true' | 'false' | 'unknown';

type TextColumn =
  | 'name_fold'
  | 'reversed_fold'
  | 'first_fold'
  | 'last_fold'
  | 'organization_fold'
  | 'email_fold';

/** By attribute, in lower case: the columns of which one must match. */
const textColumns: ReadonlyMap<string, readonly TextColumn[]> = new Map([
  ['cn', ['name_fold', 'reversed_fold']],
  ['commonname', ['name_fold', 'reversed_fold']],
  ['name', ['name_fold', 'reversed_fold']],
  ['displayname', ['name_fold']],
  ['sn', ['last_fold']],
  ['surname', ['last_fold']],
  ['givenname', ['first_fold']],
  ['gn', ['first_fold']],
  ['o', ['organization_fold']],
  ['organizationname', ['organization_fold']],
  ['company', ['organization_fold']],
  ['mail', ['email_fold']],
  ['rfc822mailbox', ['email_fold']],
]);

/** Attributes that hold numbers of these kinds. */
export const numberAttributes: ReadonlyMap<string, readonly NumberKind[]> = new Map([
  ['telephoneNumber', ['extension', 'office', 'main', 'other']],
  ['mobile', ['mobile']],
  ['homePhone', ['home']],
  ['facsimileTelephoneNumber', ['fax']],
]);

const numberKindsOf: ReadonlyMap<string, readonly NumberKind[]> = new Map([
  ...[...numberAttributes].map(([name, kinds]) => [name.toLowerCase(), kinds] as const),
  ['ipphone', ['extension']],
  ['mobiletelephonenumber', ['mobile']],
  ['hometelephonenumber', ['home']],
  ['fax', ['fax']],
]);

export const objectClasses = ['top', 'person', 'organizationalPerson', 'inetOrgPerson'] as const;
/** Who types fewer digits of a number looks for those that begin with just them. */
const prefixDigits = 3;

export function toContactCondition(filter: LdapFilter, keys: NumberKeys): ContactCondition {
  return (where) => {
    const value = translate(filter, where, keys);
    return typeof value === 'string' ? constant(value === 'true') : value;
  };
}

function translate(filter: LdapFilter, where: Where, keys: NumberKeys): Value {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return combine(
        filter.kind,
        filter.filters.map((part) => translate(part, where, keys)),
        where,
      );
    case 'not':
      return negate(translate(filter.filter, where, keys), where);
    case 'present':
      return present(filter.attribute, where);
    case 'equal':
      return equal(filter.attribute, filter.value, where, keys);
    case 'approx':
      return approximately(filter.attribute, filter.value, where, keys);
    case 'substrings':
      return substrings(filter, where, keys);
    case 'greater':
    case 'less': {
      const columns = textColumns.get(filter.attribute);
      const value = foldName(filter.value);
      const operator = filter.kind === 'greater' ? '>=' : '<=';
      return columns === undefined
        ? 'unknown'
        : where.or(
            columns.map((column) =>
              where.and([where(column, '!=', ''), where(column, operator, value)]),
            ),
          );
    }
    case 'unknown':
      return 'unknown';
  }
}

/** What is unknown becomes NULL in SQL, which keeps the three values through `and`, `or` and `not`. */
function combine(kind: 'and' | 'or', values: readonly Value[], where: Where): Value {
  const decisive = kind === 'and' ? 'false' : 'true';
  if (values.includes(decisive)) {
    return decisive;
  }
  const expressions = values.filter((value): value is Expression => typeof value !== 'string');
  const hasUnknown = values.includes('unknown');
  if (expressions.length === 0) {
    return hasUnknown ? 'unknown' : kind === 'and' ? 'true' : 'false';
  }
  const joined = kind === 'and' ? where.and(expressions) : where.or(expressions);
  if (!hasUnknown) {
    return joined;
  }
  const unknown = sql<boolean>`null`;
  return kind === 'and' ? where.and([joined, unknown]) : where.or([joined, unknown]);
}

function negate(value: Value, where: Where): Value {
  if (value === 'unknown') {
    return 'unknown';
  }
  if (typeof value === 'string') {
    return value === 'true' ? 'false' : 'true';
  }
  return where.not(value);
}

function present(attribute: string, where: Where): Value {
  const columns = textColumns.get(attribute);
  if (columns !== undefined) {
    return where.or(columns.map((column) => where(column, '!=', '')));
  }
  const kinds = numberKindsOf.get(attribute);
  if (kinds !== undefined) {
    return someNumber(kinds, where, () => constant(true));
  }
  return attribute === 'objectclass' || attribute === 'uid' ? 'true' : 'unknown';
}

function equal(attribute: string, value: string, where: Where, keys: NumberKeys): Value {
  const columns = textColumns.get(attribute);
  if (columns !== undefined) {
    const folded = foldName(value);
    return folded === '' ? 'false' : where.or(columns.map((column) => where(column, '=', folded)));
  }
  const kinds = numberKindsOf.get(attribute);
  if (kinds !== undefined) {
    const dialled = toDialled(value);
    const key = keys.toKey({ kind: 'office', number: value });
    return dialled === ''
      ? 'false'
      : someNumber(
          kinds,
          where,
          () =>
            sql<boolean>`(contact_numbers.dialled = ${dialled} or (contact_numbers.lookup_key != '' and contact_numbers.lookup_key = ${key}))` as unknown as Expression,
        );
  }
  if (attribute === 'objectclass') {
    const isOurs = objectClasses.some((name) => name.toLowerCase() === value.toLowerCase());
    return isOurs ? 'true' : 'false';
  }
  if (attribute === 'uid') {
    return /^\d{1,15}$/.test(value) ? where('id', '=', Number(value)) : 'false';
  }
  return 'unknown';
}

/** Words anywhere, in both spellings of umlauts. */
function approximately(attribute: string, value: string, where: Where, keys: NumberKeys): Value {
  if (!textColumns.has(attribute)) {
    return equal(attribute, value, where, keys);
  }
  const words = foldName(value)
    .split(' ')
    .filter((word) => word !== '');
  return words.length === 0
    ? 'false'
    : where.and(
        words.map((word) => sql<boolean>`instr(search_text, ${word}) > 0` as unknown as Expression),
      );
}

function substrings(
  filter: Extract<LdapFilter, { kind: 'substrings' }>,
  where: Where,
  keys: NumberKeys,
): Value {
  const { attribute, initial, any, final } = filter;
  const columns = textColumns.get(attribute);
  if (columns !== undefined) {
    const pattern = toPattern(foldName(initial), any.map(foldName), foldName(final));
    // Phones ask for what begins with the letters typed, and people type the last name: each word counts.
    const patterns = foldName(initial) === '' ? [pattern] : [pattern, `% ${pattern}`];
    return where.or(
      columns.flatMap((column) =>
        patterns.map((each) => where.and([where(column, '!=', ''), like(sql.ref(column), each)])),
      ),
    );
  }
  const kinds = numberKindsOf.get(attribute);
  if (kinds === undefined) {
    return attribute === 'uid' || attribute === 'objectclass' ? 'false' : 'unknown';
  }
  const pattern = toPattern(toDialled(initial), any.map(toDialled), toDialled(final));
  const prefix =
    toDialled(initial).length >= prefixDigits && any.length === 0 && final === ''
      ? keys.toPrefix(initial)
      : '';
  return someNumber(kinds, where, () => {
    const dialled = like(sql.ref('contact_numbers.dialled'), pattern);
    return prefix === ''
      ? dialled
      : where.or([dialled, like(sql.ref('contact_numbers.lookup_key'), `${escape(prefix)}%`)]);
  });
}

function someNumber(
  kinds: readonly NumberKind[],
  where: Where,
  condition: () => Expression,
): Expression {
  return where.exists(
    where
      .selectFrom('contact_numbers')
      .select('contact_numbers.contact_id')
      .whereRef('contact_numbers.contact_id', '=', 'contacts.id')
      .where('contact_numbers.kind', 'in', [...kinds])
      .where(condition as never),
  );
}

function toPattern(initial: string, any: readonly string[], final: string): string {
  const middle = any.filter((piece) => piece !== '').map((piece) => `${escape(piece)}%`);
  return `${escape(initial)}%${middle.join('')}${escape(final)}`;
}

function like(column: ReturnType<typeof sql.ref>, pattern: string): Expression {
  return sql<boolean>`${column} like ${pattern} escape '!'` as unknown as Expression;
}

function escape(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}

function constant(isTrue: boolean): Expression {
  return (isTrue ? sql<boolean>`1 = 1` : sql<boolean>`1 = 0`) as unknown as Expression;
}
