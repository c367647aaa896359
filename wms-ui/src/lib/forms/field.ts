/** How a field is drawn: its fact from the declaration, its texts, and what the page adds. */
import { i18n, t } from '../i18n/i18n.svelte.ts';
import type { FieldFact } from './field-fact.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Field {
  readonly name: string;
  readonly kind: FieldFact['kind'];
  readonly label: string;
  readonly help: string;
  readonly unit: string;
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
  readonly choices: readonly Choice[];
  readonly defaultValue: FieldFact['defaultValue'];
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly maxLength: number | undefined;
  readonly autocomplete: AutoFill;
  /** `tel`, `email`: which keyboard a phone shows. */
  readonly inputMode: 'text' | 'email' | 'tel' | 'numeric';
  /** What it says is saved, but does not work. */
  readonly fault?: Fault | undefined;
}

export interface Fault {
  readonly text: string;
  /** Missing for those who may not. */
  readonly retry?: (() => void) | undefined;
}

export interface FieldGroup {
  readonly title: string;
  readonly text?: string;
  readonly fields: readonly Field[];
}

interface FieldOptions {
  readonly role: 'superadmin' | 'admin' | 'user';
  readonly isReadOnly?: boolean;
  readonly isRequired?: boolean;
  /** Values that are not offered. */
  readonly without?: readonly string[];
  readonly inputMode?: Field['inputMode'];
  readonly fault?: Fault | undefined;
}

/** The field of an entity; texts are found under `<entity>.<name>.label` and `.help`. */
export function createField(
  entity: 'user' | 'settings' | 'provisioning' | 'device-access' | 'device-group' | 'external-line',
  name: string,
  fact: FieldFact,
  options: FieldOptions,
): Field {
  const mayChange = fact.changeableBy.some((changer) => changer === options.role);
  return {
    name,
    kind: fact.kind,
    label: i18n.find(`${entity}.${name}.label`) ?? name,
    help: i18n.find(`${entity}.${name}.help`) ?? '',
    unit: fact.unit === undefined ? '' : t(`unit.${fact.unit}`),
    isRequired: options.isRequired ?? fact.isRequired,
    isReadOnly: !mayChange || options.isReadOnly === true,
    choices: (fact.choices ?? [])
      .filter((value) => options.without?.includes(value) !== true)
      .map((value) => ({
        value,
        label: i18n.find(`${entity}.${name}.value.${value}`) ?? value,
      })),
    defaultValue: fact.defaultValue,
    min: fact.min,
    max: fact.max,
    maxLength: fact.maxLength,
    // Nothing of an entity is the person at the keyboard: the browser must not fill it in.
    autocomplete: 'off',
    inputMode: options.inputMode ?? (fact.kind === 'integer' ? 'numeric' : 'text'),
    fault: options.fault,
  };
}

/** A value in words, for defaults, differences and reading. */
export function describeValue(
  field: Pick<Field, 'kind' | 'choices' | 'unit'>,
  value: unknown,
): string {
  if (value === undefined || value === null || value === '') {
    return t('value.none');
  }
  if (typeof value === 'boolean') {
    return value ? t('value.on') : t('value.off');
  }
  if (Array.isArray(value)) {
    return value.length === 0
      ? t('value.none')
      : value
          .map((item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item)))
          .join(' ');
  }
  // Numbers as they are typed: a port has no thousands.
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const choice = field.choices.find((candidate) => candidate.value === text);
  return field.unit === '' ? (choice?.label ?? text) : `${text} ${field.unit}`;
}
