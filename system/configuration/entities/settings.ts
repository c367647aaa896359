/** The settings of the whole system: one record with the id `settings`. */
import { z } from 'zod';
import type { MediaService } from '../../media-plane/media.ts';
import { addressListField } from './address-list-field.ts';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField } from './field.ts';
import { sourceFilterFields } from './source-filter-fields.ts';
import { sourceRuleFields } from './source-rule-fields.ts';
import { languages } from './user.ts';
import type { ValidationIssue } from './validation-issue.ts';

export const settingsId = 'settings';

const mediaPolicies = ['direct', 'anchored'] as const;

/**
 * Many phones in use give up on a challenge that names an algorithm they do not know, even after one
 * they know, so by default only those that are known to take it are offered SHA-256.
 */
const sipDigests = ['automatic', 'md5', 'sha-256-and-md5', 'sha-256'] as const;

/** `none` lets the password of a phone and the contacts pass in clear. */
const ldapSecurities = ['none', 'starttls', 'ldaps'] as const;

const administrators = ['superadmin', 'admin'] as const;
const superadminOnly = ['superadmin'] as const;

const serviceNumber = z.string().regex(/^[0-9*#]{1,20}$/, 'must consist of digits, * and #');

const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);

const settingsFields = {
  systemName: defaultedField(
    z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^\P{Cc}*$/u),
    'Campanile',
    {
      label: 'System name',
      help: 'Shown at the login and in the title of the web interface.',
      changeableBy: administrators,
    },
  ),
  language: defaultedField(z.enum(languages), 'en', {
    label: 'Language',
    help: 'Of the login page and of new users.',
    changeableBy: administrators,
  }),
  sipDomain: defaultedField(
    z
      .string()
      .max(253)
      .regex(
        /^[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*$/,
        'must be a domain name in lower case',
      ),
    'campanile.local',
    {
      label: 'SIP domain',
      help: 'Domain of all SIP addresses and realm of SIP authentication.',
      changeableBy: superadminOnly,
    },
  ),
  registrationDefaultSec: defaultedField(wholeNumber(10, 86_400), 300, {
    label: 'Registration time',
    help: 'For phones that ask for none.',
    unit: 's',
    changeableBy: administrators,
  }),
  registrationMinSec: defaultedField(wholeNumber(10, 86_400), 60, {
    label: 'Shortest registration',
    help: 'A phone that asks for less is refused with 423 and told this value.',
    unit: 's',
    changeableBy: administrators,
  }),
  registrationMaxSec: defaultedField(wholeNumber(10, 86_400), 7200, {
    label: 'Longest registration',
    help: 'A phone that asks for more gets this.',
    unit: 's',
    changeableBy: administrators,
  }),
  contactsPerUser: defaultedField(wholeNumber(1, 50), 10, {
    label: 'Phones per user',
    help: 'How many phones of one user may be registered at once.',
    changeableBy: administrators,
  }),
  sipDigest: defaultedField(z.enum(sipDigests), 'automatic', {
    label: 'SIP authentication',
    help: 'How phones prove their password. Automatic offers SHA-256 to phones that are known to take it and MD5 to all; many phones fail when anything but MD5 is offered.',
    changeableBy: superadminOnly,
  }),
  sipNeverBlocked: addressListField(
    'Addresses never blocked',
    'Addresses and networks (192.0.2.0/24) that send SIP and are never blocked, whatever they send: a border controller, a branch office.',
  ),
  ...sourceRuleFields,
  ...sourceFilterFields,
  sessionTimerSec: defaultedField(wholeNumber(0, 86_400), 3600, {
    label: 'Session timer',
    help: 'How often calls are checked for life (RFC 4028); 0 turns it off, otherwise at least 90.',
    unit: 's',
    changeableBy: administrators,
  }),
  ringTimeoutSec: defaultedField(wholeNumber(5, 600), 60, {
    label: 'Ring time',
    help: 'After which an unanswered call ends.',
    unit: 's',
    changeableBy: administrators,
  }),
  mediaPolicy: defaultedField(z.enum(mediaPolicies), 'direct', {
    label: 'Audio path',
    help: 'Direct lets phones exchange audio between each other where they can; anchored always leads it through the system.',
    changeableBy: administrators,
  }),
  echoNumber: defaultedField(serviceNumber, '*43', {
    label: 'Echo test',
    help: 'Number that plays back what it hears.',
    changeableBy: administrators,
  }),
  milliwattNumber: defaultedField(serviceNumber, '*44', {
    label: 'Test tone',
    help: 'Number that plays a tone of 1004 Hz.',
    changeableBy: administrators,
  }),
  phoneLoginCode: defaultedField(serviceNumber, '99', {
    label: 'Phone login',
    help: 'At a phone of nobody it asks for extension and PIN, each ended by # or a pause; at a phone of a user it logs him out. Dialled as code*extension*PIN it logs in at once.',
    changeableBy: administrators,
  }),
  passwordMinLength: defaultedField(wholeNumber(8, 128), 12, {
    label: 'Shortest web password',
    help: 'How many characters a web password needs.',
    unit: 'characters',
    changeableBy: superadminOnly,
  }),
  passwordNeedsUpper: defaultedField(z.boolean(), true, {
    label: 'Upper-case letter',
    help: 'Web passwords need at least one.',
    changeableBy: superadminOnly,
  }),
  passwordNeedsLower: defaultedField(z.boolean(), true, {
    label: 'Lower-case letter',
    help: 'Web passwords need at least one.',
    changeableBy: superadminOnly,
  }),
  passwordNeedsDigit: defaultedField(z.boolean(), true, {
    label: 'Digit',
    help: 'Web passwords need at least one.',
    changeableBy: superadminOnly,
  }),
  passwordNeedsSpecial: defaultedField(z.boolean(), false, {
    label: 'Special character',
    help: 'Web passwords need at least one.',
    changeableBy: superadminOnly,
  }),
  sessionIdleMin: defaultedField(wholeNumber(1, 1440), 60, {
    label: 'Idle time',
    help: 'After which a web session ends.',
    unit: 'min',
    changeableBy: superadminOnly,
  }),
  loginFailuresPerAccount: defaultedField(wholeNumber(1, 100), 5, {
    label: 'Failed logins per account',
    help: 'So many within the window block the account for a while: for all strange addresses together, and for each local one or one it has logged in from by itself.',
    changeableBy: superadminOnly,
  }),
  loginFailuresPerSource: defaultedField(wholeNumber(1, 1000), 5, {
    label: 'Failed logins per address',
    help: 'So many within the window block the address for a while; four times as many when it is local or somebody has logged in from it.',
    changeableBy: superadminOnly,
  }),
  loginWindowSec: defaultedField(wholeNumber(10, 86_400), 600, {
    label: 'Window for failed logins',
    help: 'In which failed logins are counted.',
    unit: 's',
    changeableBy: superadminOnly,
  }),
  loginBlockSec: defaultedField(wholeNumber(10, 86_400), 3600, {
    label: 'Block after failed logins',
    help: 'How long a blocked account or address stays blocked.',
    unit: 's',
    changeableBy: superadminOnly,
  }),
  apiRequestsPerMin: defaultedField(wholeNumber(0, 1_000_000), 5000, {
    label: 'Web requests per minute',
    help: 'So many one address may send to the web interface and the API; 0 turns the limit off.',
    changeableBy: superadminOnly,
  }),
  country: defaultedField(
    z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters, like IT or DE'),
    'IT',
    {
      label: 'Country',
      help: 'Of numbers without country code in phonebooks and of callers: two letters, like IT or DE.',
      changeableBy: administrators,
    },
  ),
  callerNamesFromPhonebooks: defaultedField(z.boolean(), true, {
    label: 'Names of callers from phonebooks',
    help: 'A caller without a name of his own is shown with the name that a phonebook of the called user has.',
    changeableBy: administrators,
  }),
  ldapEnabled: defaultedField(z.boolean(), false, {
    label: 'LDAP server',
    help: 'Phones search the phonebooks by LDAP.',
    changeableBy: administrators,
  }),
  ldapSecurity: defaultedField(z.enum(ldapSecurities), 'ldaps', {
    label: 'LDAP encryption',
    help: 'What phones are told to use. Unless it is none, nobody can log in to the LDAP server unencrypted. Phones that lack it get the phonebook in XML instead.',
    changeableBy: administrators,
  }),
  ldapPort: defaultedField(wholeNumber(1, 65_535), 389, {
    label: 'LDAP port',
    help: 'Without encryption and with StartTLS.',
    changeableBy: administrators,
  }),
  ldapsPort: defaultedField(wholeNumber(1, 65_535), 636, {
    label: 'LDAPS port',
    help: 'Encrypted from the beginning.',
    changeableBy: administrators,
  }),
  ldapBase: defaultedField(
    z
      .string()
      .max(128)
      .regex(
        /^(dc|o|ou|c)=[A-Za-z0-9 -]+(,(dc|o|ou|c)=[A-Za-z0-9 -]+)*$/,
        'must be like dc=campanile,dc=local',
      ),
    'dc=campanile,dc=local',
    {
      label: 'LDAP base',
      help: 'Where phones begin their search.',
      changeableBy: administrators,
    },
  ),
  recordsKeepDays: defaultedField(wholeNumber(1, 3650), 185, {
    label: 'Keep call records',
    help: 'After which call records are deleted.',
    unit: 'days',
    changeableBy: superadminOnly,
  }),
  revisionsKeep: defaultedField(wholeNumber(10, 100_000), 5000, {
    label: 'Keep revisions',
    help: 'How many changes of the configuration can be looked at and taken back.',
    unit: 'revisions',
    changeableBy: superadminOnly,
  }),
};

export type Settings = DocumentOf<typeof settingsFields>;
export type SettingsField = keyof typeof settingsFields;

export const settingsEntity = new Entity('settings', settingsFields, checkSettings);

export interface ServiceNumber {
  readonly service: MediaService;
  readonly number: string;
  readonly path: SettingsField;
  /** What people call it in messages. */
  readonly title: string;
}

/** The numbers of the built-in services: they are dialable like those of users. */
export function serviceNumbersOf(
  settings: Pick<Settings, 'echoNumber' | 'milliwattNumber'>,
): ServiceNumber[] {
  return [
    { service: 'echo', number: settings.echoNumber, path: 'echoNumber', title: 'the echo test' },
    {
      service: 'milliwatt',
      number: settings.milliwattNumber,
      path: 'milliwattNumber',
      title: 'the test tone',
    },
  ];
}

/** Numbers and codes that are not those of a service, but can be dialled all the same. */
export function codesOf(
  settings: Pick<Settings, 'phoneLoginCode'>,
): Omit<ServiceNumber, 'service'>[] {
  const { phoneLoginCode } = settings;
  return [{ number: phoneLoginCode, path: 'phoneLoginCode', title: 'the phone login' }];
}

function checkSettings(settings: Settings): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const { registrationMinSec, registrationDefaultSec, registrationMaxSec } = settings;
  if (registrationMinSec > registrationDefaultSec || registrationDefaultSec > registrationMaxSec) {
    issues.push({
      path: 'registrationDefaultSec',
      code: 'contradiction',
      message: 'must lie between the shortest and the longest registration',
    });
  }
  if (settings.sessionTimerSec !== 0 && settings.sessionTimerSec < 90) {
    issues.push({
      path: 'sessionTimerSec',
      code: 'invalid-value',
      message: 'must be 0 or at least 90 (RFC 4028 §4)',
    });
  }
  if (settings.apiRequestsPerMin !== 0 && settings.apiRequestsPerMin < 60) {
    issues.push({
      path: 'apiRequestsPerMin',
      code: 'invalid-value',
      message: 'must be 0 or at least 60, so that nobody locks everyone out',
    });
  }
  for (const path of ['sipMessagesPer10Sec', 'sipFloodPer10Sec'] as const) {
    if (settings[path] !== 0 && settings[path] < 100) {
      issues.push({
        path,
        code: 'invalid-value',
        message: 'must be 0 or at least 100, so that no phone is turned away for its calls',
      });
    }
  }
  if (settings.ldapPort === settings.ldapsPort) {
    issues.push({
      path: 'ldapsPort',
      code: 'repeated',
      message: 'must be another port than that of LDAP without encryption',
    });
  }
  const paths = new Map<string, SettingsField>();
  for (const { number, path } of [...serviceNumbersOf(settings), ...codesOf(settings)]) {
    const other = paths.get(number);
    if (other !== undefined) {
      issues.push({ path, code: 'repeated', message: `${number} is already given as ${other}` });
    }
    paths.set(number, path);
  }
  return issues;
}
