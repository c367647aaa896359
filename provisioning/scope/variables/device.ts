/** Passwords, display, directories, action URLs, firmware and the way the device fetches its files. */
import type { Variable } from '../variable.ts';

const downloads = ['http', 'https', 'tftp'] as const;

/** Events of a phone that can call a URL; vendors map those they know. */
export const actionEvents = [
  'setup',
  'registered',
  'unregistered',
  'registerFailed',
  'offHook',
  'onHook',
  'incoming',
  'outgoing',
  'established',
  'terminated',
  'missed',
  'dndOn',
  'dndOff',
  'forwardOn',
  'forwardOff',
  'blindTransfer',
  'attendedTransfer',
  'hold',
  'unhold',
  'mute',
  'unmute',
] as const;

export const deviceVariables = [
  {
    name: 'security.adminName',
    domain: { type: 'text', maximumLength: 32 },
    default: 'admin',
    help: "Login of the administrator on the device's web page, where it can be chosen.",
  },
  {
    name: 'security.adminPassword',
    domain: { type: 'secret', maximumLength: 32 },
    help: 'Password of the administrator; random for every device.',
  },
  {
    name: 'security.userPassword',
    domain: { type: 'secret', maximumLength: 32 },
    help: "Password of the user on the device's web page.",
  },
  {
    name: 'security.pin',
    domain: { type: 'secret', maximumLength: 8 },
    help: 'Digits that lock the menu of the phone or let a DECT handset subscribe.',
  },
  {
    name: 'security.webAccess',
    domain: { type: 'choice', choices: ['off', 'https', 'http-and-https'] },
    default: 'https',
    help: "Access to the device's web page.",
  },
  {
    name: 'security.trustAnyCertificate',
    domain: { type: 'boolean' },
    default: true,
    help: 'The phone fetches its files without checking the certificate of the PBX. Turn off once the phones trust it.',
  },
  {
    name: 'phone.language',
    domain: {
      type: 'choice',
      choices: ['en', 'it', 'de', 'fr', 'es', 'pt', 'nl', 'pl', 'ru', 'tr'],
    },
    default: 'en',
    help: 'Language of the display.',
  },
  {
    name: 'phone.toneZone',
    domain: {
      type: 'choice',
      choices: ['IT', 'DE', 'FR', 'ES', 'PT', 'GB', 'US', 'NL', 'BE', 'CH', 'AT', 'PL', 'RU', 'TR'],
    },
    default: 'IT',
    help: 'Country of the call progress tones.',
  },
  {
    name: 'ldap.server',
    domain: { type: 'host' },
    help: 'LDAP phonebook; the other values of this area count only when this one is set.',
  },
  {
    name: 'ldap.port',
    domain: { type: 'integer', minimum: 1, maximum: 65_535 },
    default: 389,
    help: 'TCP port of the phonebook.',
  },
  {
    name: 'ldap.security',
    domain: { type: 'choice', choices: ['none', 'starttls', 'ldaps'] },
    default: 'none',
    help: 'Encryption of the way to the phonebook. Phones that lack it get the phonebook in XML instead.',
  },
  {
    name: 'ldap.name',
    domain: { type: 'text', maximumLength: 32 },
    default: 'Phonebook',
    help: 'Title of the phonebook on the display.',
  },
  {
    name: 'ldap.base',
    domain: { type: 'text', maximumLength: 128 },
    help: 'Where the search begins.',
  },
  { name: 'ldap.user', domain: { type: 'text', maximumLength: 128 }, help: 'Name for the bind.' },
  {
    name: 'ldap.password',
    domain: { type: 'secret', maximumLength: 64 },
    help: 'Password for the bind.',
  },
  {
    name: 'ldap.nameAttribute',
    domain: { type: 'text', maximumLength: 32 },
    default: 'cn',
    help: 'Attribute with the name.',
  },
  {
    name: 'ldap.numberAttributes',
    domain: { type: 'text', maximumLength: 128 },
    default: 'telephoneNumber mobile',
    help: 'Attributes with numbers, separated by spaces.',
  },
  {
    name: 'ldap.maximumHits',
    domain: { type: 'integer', minimum: 1, maximum: 200 },
    default: 50,
    help: 'Entries that one search may return.',
  },
  {
    name: 'phonebooks',
    domain: {
      type: 'records',
      maximum: 5,
      fields: {
        name: { domain: { type: 'text', maximumLength: 32 }, help: 'Title on the display.' },
        url: {
          domain: { type: 'url', schemes: ['http', 'https'] },
          help: 'Where the phone reads the phonebook as XML.',
        },
        user: {
          domain: { type: 'text', maximumLength: 64 },
          isOptional: true,
          help: 'Name for HTTP authentication.',
        },
        password: {
          domain: { type: 'secret', maximumLength: 64 },
          isOptional: true,
          help: 'Password for HTTP authentication.',
        },
      },
    },
    help: 'Remote phonebooks in the XML of the vendor.',
  },
  {
    name: 'actionUrls',
    domain: {
      type: 'records',
      maximum: actionEvents.length,
      fields: {
        event: {
          domain: { type: 'choice', choices: actionEvents },
          help: 'When the URL is called.',
        },
        url: {
          domain: { type: 'url', schemes: ['http', 'https'] },
          help: 'URL with macros of the vendor.',
        },
      },
    },
    help: 'URLs that the phone calls on events.',
  },
  {
    name: 'firmware.label',
    domain: { type: 'text', maximumLength: 40 },
    help: 'Label of the firmware set of the library that the device shall run. Unset: it keeps what it has.',
  },
  {
    name: 'firmware.url',
    domain: { type: 'url', schemes: downloads },
    help: 'Address of the firmware; from the library when a label is given, else it may point elsewhere.',
  },
  {
    name: 'firmware.handsetUrl',
    domain: { type: 'url', schemes: downloads },
    help: 'Firmware of the DECT handsets, given by the base over the air.',
  },
  {
    name: 'firmware.version',
    domain: { type: 'text', maximumLength: 32 },
    help: 'Version of that firmware, where the vendor wants it named.',
  },
  {
    name: 'provisioning.intervalMin',
    domain: { type: 'integer', minimum: 5, maximum: 10_080, unit: 'min' },
    default: 1440,
    help: 'How often the device asks for changed files by itself.',
  },
  {
    name: 'provisioning.pnp',
    domain: { type: 'boolean' },
    default: false,
    help: 'The device keeps asking for a server by multicast after it has one.',
  },
  {
    name: 'provisioning.redirection',
    domain: { type: 'boolean' },
    default: false,
    help: "The device keeps asking its vendor's redirection service after it has a server.",
  },
  {
    name: 'provisioning.dhcp',
    domain: { type: 'boolean' },
    default: false,
    help: 'An address from DHCP replaces the stored one at every start.',
  },
  {
    name: 'dect.subscriptionSec',
    domain: { type: 'integer', minimum: 60, maximum: 3600, unit: 's' },
    default: 900,
    help: 'How long the base stays open for new handsets.',
  },
] as const satisfies readonly Variable[];
