/** A value of a changed field in words: settings by their labels, keys by what they do, names for ids. */
import { i18n, t } from '../../lib/i18n/i18n.svelte.ts';
import { choiceLabel, labelOf } from '../device-settings/setting-texts.ts';

/** Of the entities that the field refers to, by id. */
export type ReferenceNames = Readonly<Record<string, string>>;

export function describeFieldValue(field: string, value: unknown, names: ReferenceNames): string {
  if (Array.isArray(value)) {
    if (value.length === 0) {
      return t('value.none');
    }
    const parts = value.map((item: unknown) => describeFieldValue(field, item, names));
    return parts.join(value.some(isRecord) ? '; ' : ', ');
  }
  if (isRecord(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) {
      return t('value.none');
    }
    if (field === 'externalLines') {
      return entries
        .filter(([name]) => name !== 'id')
        .map(([name, own]) => {
          const label = i18n.find(`external-line.${name}.label`) ?? name;
          const choice = i18n.find(`external-line.${name}.value.${String(own)}`);
          return `${label}: ${choice ?? describeScalar(own, {})}`;
        })
        .join(', ');
    }
    return field === 'settings'
      ? entries
          .map(([name, own]) => `${labelOf(name)}: ${describeSettingValue(name, own)}`)
          .join('; ')
      : describeRow(entries);
  }
  return describeScalar(value, names);
}

function describeSettingValue(name: string, value: unknown): string {
  return typeof value === 'string' ? choiceLabel(name, value) : describeFieldValue('', value, {});
}

/** `Colleague (busy lamp) 102 Bruno`; other rows name their columns. */
function describeRow(entries: readonly (readonly [string, unknown])[]): string {
  return entries
    .map(([name, value]) =>
      name === 'kind'
        ? (i18n.find(`keyKind.${String(value)}`) ?? String(value))
        : name === 'value' || name === 'label'
          ? describeScalar(value, {})
          : `${name} ${describeFieldValue(name, value, {})}`,
    )
    .join(' ');
}

function describeScalar(value: unknown, names: ReferenceNames): string {
  if (value === undefined || value === null || value === '') {
    return t('value.none');
  }
  if (typeof value === 'boolean') {
    return value ? t('value.on') : t('value.off');
  }
  return typeof value === 'string' ? (names[value] ?? value) : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
