/** Names and values of settings in the page's language. */
import type { ScalarDomain } from '../../../../provisioning/scope/variable.ts';
import { i18n, t } from '../../lib/i18n/i18n.svelte.ts';
import type { SettingFact, SettingValue, SettingVariable } from './setting-fact.ts';

export function labelOf(name: string): string {
  return i18n.find(`setting.${name}.label`) ?? name;
}

/** What lines of files take from settings under another name, by the word in front of the dot. */
const settingsBehind: Readonly<Record<string, string>> = {
  zone: 'time.zone',
  codec: 'audio.codecs',
  'line.transport': 'sip.transport',
  'line.voicemailNumber': 'calls.voicemailNumber',
};

/** Undefined for what is no setting: facts of the device, its assignment. */
export function labelOfSource(variable: string): string | undefined {
  const name = variable.replace(/\.isUsed$/, '');
  const [area = ''] = name.split('.');
  const setting = settingsBehind[name] ?? settingsBehind[area] ?? name;
  return i18n.find(`setting.${setting}.label`);
}

export function helpOf({ name, help }: Pick<SettingVariable, 'name' | 'help'>): string {
  return i18n.find(`setting.${name}.help`) ?? help;
}

/** `name` is the variable, for a field of a table `<variable>.<field>`. */
export function choiceLabel(name: string, choice: string): string {
  if (name === 'phone.language') {
    return new Intl.DisplayNames([i18n.locale], { type: 'language' }).of(choice) ?? choice;
  }
  if (name === 'phone.toneZone') {
    return new Intl.DisplayNames([i18n.locale], { type: 'region' }).of(choice) ?? choice;
  }
  return i18n.find(`setting.${name}.value.${choice}`) ?? choice;
}

export function unitOf(domain: Pick<ScalarDomain, 'type'> & { readonly unit?: string }): string {
  return domain.unit === undefined ? '' : (i18n.find(`unit.${domain.unit}`) ?? domain.unit);
}

/** A value in words. */
export function describeSetting(
  { variable }: Pick<SettingFact, 'variable'>,
  value: SettingValue | undefined,
  isSet = value !== undefined,
): string {
  const { domain, name } = variable;
  if (!isSet || value === null) {
    return t('deviceSettings.notSet');
  }
  if (value === undefined) {
    return t('deviceSettings.secretSet');
  }
  if (typeof value === 'boolean') {
    return value ? t('value.on') : t('value.off');
  }
  if (Array.isArray(value)) {
    if (value.length === 0) {
      return t('value.none');
    }
    return value
      .map((item) => (typeof item === 'string' ? item : Object.values(item).join(' ')))
      .join(', ');
  }
  const text = String(value);
  if (domain.type === 'choice') {
    return choiceLabel(name, text);
  }
  const unit = domain.type === 'integer' ? unitOf(domain) : '';
  return unit === '' ? text : `${text} ${unit}`;
}

/** Where a value comes from, in words. */
export function describeOrigin(
  origin: { readonly source: string; readonly name: string } | undefined,
): string {
  if (origin === undefined) {
    return t('settingOrigin.none');
  }
  if (origin.source === 'default' && origin.name === 'unset') {
    return t('settingOrigin.none');
  }
  const isNamed =
    origin.source === 'default' && ['site', 'syslog', 'phonebooks'].includes(origin.name);
  const key = isNamed ? origin.name : origin.source;
  return i18n.find(`settingOrigin.${key}`, { name: origin.name }) ?? origin.name;
}
