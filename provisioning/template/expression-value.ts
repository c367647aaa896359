/** What an expression of a template comes to: its plain value, that value as text, whether a condition holds. */
import { Secret } from '../../system/foundation/secret.ts';
import { escapeValue, type Escaping } from './escape.ts';
import { isYes, toText, type PlainValue } from './filter.ts';
import type { Condition, Expression } from './template.ts';
import type { Row, TemplateValue, TemplateValues } from './value.ts';

/** Before filters; `rows` are those of the loops around the expression, by slot. */
export function findValue(
  { slot, name }: Expression,
  { scalars }: TemplateValues,
  rows: readonly Row[],
): TemplateValue {
  return slot < 0 ? scalars.get(name)?.value : rows[slot]?.values[name];
}

export function applyFilters({ filters }: Expression, found: TemplateValue): PlainValue {
  let value: PlainValue = found instanceof Secret ? found.reveal() : found;
  for (const filter of filters) {
    value = filter(value);
  }
  return value;
}

/** Undefined where the value is: its line is left out. */
export function toEscapedText(value: PlainValue, escaping: Escaping): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  return typeof value === 'number' ? String(value) : escapeValue(toText(value), escaping);
}

export function holds({ isNegated, oneOf }: Condition, value: PlainValue): boolean {
  const isTrue =
    oneOf === undefined ? isYes(value) : value !== undefined && oneOf.has(toText(value));
  return isTrue !== isNegated;
}
