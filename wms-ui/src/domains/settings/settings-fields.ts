/** The settings of the declaration, arranged in sections; a setting no section names goes last. */
import { settingsFacts, type SettingName } from '../../lib/forms/entity-facts.ts';
import { createField, type FieldGroup } from '../../lib/forms/field.ts';
import { t, type TextKey } from '../../lib/i18n/i18n.svelte.ts';
import { session } from '../../lib/state/session.svelte.ts';

interface Section {
  readonly title: TextKey;
  readonly names: readonly SettingName[];
}

const sections: readonly Section[] = [
  { title: 'settings.section.general', names: ['systemName', 'language'] },
  {
    title: 'settings.section.registration',
    names: [
      'sipDomain',
      'sipDigest',
      'registrationDefaultSec',
      'registrationMinSec',
      'registrationMaxSec',
      'contactsPerUser',
    ],
  },
  {
    title: 'settings.section.sources',
    names: [
      'sipNeverBlocked',
      'sipFailedAuthentications',
      'sipFailedAuthenticationsBlockSec',
      'sipUnansweredChallenges',
      'sipUnansweredChallengesBlockSec',
      'sipMalformedMessages',
      'sipMalformedMessagesBlockSec',
      'sipRulesWindowSec',
      'sipMessagesPer10Sec',
      'sipMessagesBlockSec',
      'sipFloodPer10Sec',
      'sipFloodBlockSec',
    ],
  },
  {
    title: 'settings.section.calls',
    names: [
      'ringTimeoutSec',
      'sessionTimerSec',
      'mediaPolicy',
      'echoNumber',
      'milliwattNumber',
      'phoneLoginCode',
    ],
  },
  {
    title: 'settings.section.passwords',
    names: [
      'passwordMinLength',
      'passwordNeedsUpper',
      'passwordNeedsLower',
      'passwordNeedsDigit',
      'passwordNeedsSpecial',
    ],
  },
  {
    title: 'settings.section.login',
    names: [
      'sessionIdleMin',
      'loginFailuresPerAccount',
      'loginFailuresPerSource',
      'loginWindowSec',
      'loginBlockSec',
      'apiRequestsPerMin',
    ],
  },
  {
    title: 'settings.section.phonebooks',
    names: [
      'country',
      'callerNamesFromPhonebooks',
      'ldapEnabled',
      'ldapSecurity',
      'ldapPort',
      'ldapsPort',
      'ldapBase',
    ],
  },
  { title: 'settings.section.storage', names: ['recordsKeepDays', 'revisionsKeep'] },
];

/** Those of the page of blocked addresses. */
export const sourceRuleSections: readonly Section[] = [
  { title: 'sourceRules.filter', names: ['deniedAddresses', 'allowedAddresses'] },
  { title: 'sourceRules.tools', names: ['sipAttackTools', 'sipAttackToolBlockSec'] },
  {
    title: 'sourceRules.methods',
    names: [
      'sipLimitRegister',
      'sipLimitInvite',
      'sipLimitAck',
      'sipLimitOptions',
      'sipLimitSubscribe',
      'sipMethodLimit',
      'sipMethodWindowSec',
      'sipMethodBlockSec',
    ],
  },
];

export function settingsFieldGroups(): readonly FieldGroup[] {
  const named = new Set([...sections, ...sourceRuleSections].flatMap(({ names }) => names));
  const others = (Object.keys(settingsFacts) as SettingName[]).filter((name) => !named.has(name));
  const all: readonly Section[] =
    others.length === 0
      ? sections
      : [...sections, { title: 'settings.section.others', names: others }];
  return toFieldGroups(all);
}

export function toFieldGroups(all: readonly Section[]): readonly FieldGroup[] {
  const { role } = session.account;
  return all.map(({ title, names }) => ({
    title: t(title),
    fields: names.map((name) => createField('settings', name, settingsFacts[name], { role })),
  }));
}
