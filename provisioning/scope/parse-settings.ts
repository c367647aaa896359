/**
 * Settings of one scope, checked against the table of variables where they enter: from the API, a
 * text import or vendor data. Every problem is reported, with the name of the nearest variable for
 * a name that does not exist. The result holds only declared names and fresh values.
 */
import { Secret } from '../../system/foundation/secret.ts';
import { isTimeZone } from '../time-zone/zone.ts';
import type { SettingRecord, SettingScalar, SettingValue, SettingValues } from './setting-value.ts';
import { findVariable, variables } from './variables.ts';
import type { RecordField, ScalarDomain, VariableDomain } from './variable.ts';

export interface SettingIssue {
  /** `<variable>` or `<variable>[row].<field>`. */
  readonly path: string;
  readonly message: string;
}

export interface ParsedSettings {
  readonly values: SettingValues;
  readonly issues: readonly SettingIssue[];
}

/** Control characters, line and paragraph separators: nothing that could end a line of a file. */
const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const hostName =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9][A-Za-z0-9-]{0,62})*\.?$/;
const ipv6 = /^[0-9A-Fa-f:.]{2,45}$/;
const number = /^[A-Za-z0-9*#+._~!-]{1,64}$/;

export function parseSettings(input: Readonly<Record<string, unknown>>): ParsedSettings {
  const values: Record<string, SettingValue | null> = {};
  const issues: SettingIssue[] = [];
  for (const [name, value] of Object.entries(input)) {
    const variable = findVariable(name);
    if (variable === undefined) {
      issues.push({ path: name, message: `unknown variable; nearest is ${nearestName(name)}` });
      continue;
    }
    const parsed = value === null ? null : parseValue(variable.domain, value, name, issues);
    if (parsed !== undefined) {
      values[name] = parsed;
    }
  }
  return { values, issues };
}

function parseValue(
  domain: VariableDomain,
  value: unknown,
  path: string,
  issues: SettingIssue[],
): SettingValue | undefined {
  if (domain.type === 'list') {
    const isList =
      Array.isArray(value) &&
      value.every((entry) => typeof entry === 'string' && domain.choices.includes(entry)) &&
      new Set(value).size === value.length;
    if (!isList) {
      issues.push({
        path,
        message: `must be a list out of ${domain.choices.join(', ')}, each once`,
      });
      return undefined;
    }
    return [...(value as readonly string[])];
  }
  if (domain.type === 'records') {
    if (!Array.isArray(value) || value.length > domain.maximum) {
      issues.push({ path, message: `must be a list of at most ${domain.maximum} rows` });
      return undefined;
    }
    return value.map((row: unknown, index) =>
      parseRecord(domain.fields, row, `${path}[${index}]`, issues),
    );
  }
  return parseScalar(domain, value, path, issues);
}

function parseRecord(
  fields: Readonly<Record<string, RecordField>>,
  row: unknown,
  path: string,
  issues: SettingIssue[],
): SettingRecord {
  const record: Record<string, SettingScalar> = {};
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    issues.push({ path, message: 'must be a row of named fields' });
    return record;
  }
  for (const name of Object.keys(row)) {
    if (!Object.hasOwn(fields, name)) {
      issues.push({ path: `${path}.${name}`, message: 'unknown field' });
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    const value: unknown = Object.hasOwn(row, name)
      ? (row as Record<string, unknown>)[name]
      : undefined;
    if (value === undefined || value === null) {
      if (field.isOptional !== true) {
        issues.push({ path: `${path}.${name}`, message: 'is missing' });
      }
      continue;
    }
    const parsed = parseScalar(field.domain, value, `${path}.${name}`, issues);
    if (parsed !== undefined) {
      record[name] = parsed;
    }
  }
  return record;
}

function parseScalar(
  domain: ScalarDomain,
  value: unknown,
  path: string,
  issues: SettingIssue[],
): SettingScalar | undefined {
  const message = findScalarFault(domain, value instanceof Secret ? value.reveal() : value);
  if (message !== undefined) {
    issues.push({ path, message });
    return undefined;
  }
  if (domain.type === 'secret') {
    return value instanceof Secret ? value : new Secret(value as string);
  }
  return value instanceof Secret ? value.reveal() : (value as SettingScalar);
}

function findScalarFault(domain: ScalarDomain, value: unknown): string | undefined {
  switch (domain.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'integer':
      return Number.isInteger(value) &&
        (value as number) >= domain.minimum &&
        (value as number) <= domain.maximum
        ? undefined
        : `must be a whole number from ${domain.minimum} to ${domain.maximum}`;
    case 'choice':
      return typeof value === 'string' && domain.choices.includes(value)
        ? undefined
        : `must be one of ${domain.choices.join(', ')}`;
    case 'text':
    case 'secret':
      return typeof value === 'string' &&
        value.length <= domain.maximumLength &&
        !controlCharacter.test(value)
        ? undefined
        : `must be one line of at most ${domain.maximumLength} characters`;
    case 'host':
      return typeof value === 'string' && (isHostName(value) || isIpv4(value) || isIpv6(value))
        ? undefined
        : 'must be a host name or an IP address';
    case 'ipv4':
      return typeof value === 'string' && isIpv4(value) ? undefined : 'must be an IPv4 address';
    case 'url':
      return typeof value === 'string' && isUrl(value, domain.schemes)
        ? undefined
        : `must be a URL with ${domain.schemes.join(', ')}`;
    case 'number':
      return typeof value === 'string' && number.test(value)
        ? undefined
        : 'must be dialable: at most 64 digits, letters, * # + . _ - ~ !';
    case 'timeZone':
      return typeof value === 'string' && isTimeZone(value)
        ? undefined
        : 'must be a time zone such as Europe/Rome, or a rule such as LOC-1SUM-2,M3.5.0/2,M10.5.0/3';
  }
}

/** What ends in digits alone is an address that was mistyped (RFC 1123 §2.1). */
function isHostName(value: string): boolean {
  return hostName.test(value) && !/(?:^|\.)\d+\.?$/.test(value);
}

function isIpv4(value: string): boolean {
  const parts = value.split('.');
  return (
    parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  );
}

function isIpv6(value: string): boolean {
  return ipv6.test(value) && value.includes(':');
}

/** Macros of phones (`$mac`, `{mac}`) are allowed behind the host, spaces and quotes are not. */
function isUrl(value: string, schemes: readonly string[]): boolean {
  if (value.length > 512 || controlCharacter.test(value) || /[\s"'<>\\]/.test(value)) {
    return false;
  }
  const match =
    /^([a-z]+):\/\/(?:[^/@]*@)?(\[[0-9A-Fa-f:.]+\]|[^/:@?#]+)(?::\d{1,5})?(?:[/?#]|$)/.exec(value);
  return match !== null && schemes.includes(match[1] ?? '');
}

function nearestName(name: string): string {
  let nearest = '';
  let smallest = Infinity;
  for (const variable of variables) {
    const distance = editDistance(name.slice(0, 64), variable.name);
    if (distance < smallest) {
      smallest = distance;
      nearest = variable.name;
    }
  }
  return nearest;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
