/**
 * Which options each family of phones reads, and in which form: data, from the makers' guides. Our
 * server makes rules of it, and the list for a foreign DHCP server is the same table. General
 * entries stand first; a later one wins where it sets the same option.
 */
import { optionCode } from '../message/option-code.ts';
import type { OptionRule, OptionSetting } from './option-rules.ts';
import type { OptionValue } from './option-value.ts';

/** Why an option is given in this form, or who reads it; the user interface has the texts. */
export const optionReasons = [
  'clock',
  'whole-url',
  'preferred-url',
  'after-66',
  'before-66',
  'origin',
  'path',
  'boot-server-option',
  'instead-of-160',
  'tftp-addresses',
  'tftp-address',
  'profile-rule',
  'profile-rule-by-http',
  'first-of-list',
  'third-of-list',
  'model-file',
  'without-160',
  'sub-option-url',
  'like-160',
  'first-choice-short',
  'host-without-scheme',
  'sub-option-by-class',
  'tftp-only',
  'main-file',
  'host-in-profile',
] as const;
export type OptionReason = (typeof optionReasons)[number];

export interface PhoneOptions {
  /** As people know it. */
  readonly family: string;
  /** Beginnings of option 60 by which the family is known; none: everybody. */
  readonly vendorClasses?: readonly string[];
  readonly options: readonly (OptionSetting & { readonly reason: OptionReason })[];
  readonly nextServer?: string;
  /** Whether its phones understand `ftp://` wherever they read a URL. */
  readonly takesFtp?: true;
  /** The same of `tftp://`. */
  readonly takesTftp?: true;
  /** By which they fetch what the options name; undefined: whatever they have been set to. */
  readonly door: 'http' | 'tftp' | undefined;
  /** The options by HTTP, of a family that begins with TFTP and can do both. */
  readonly byHttp?: PhoneOptions['options'];
}

const url: OptionValue = { type: 'text', text: '${url}' };
const server: OptionValue = { type: 'text', text: '${server}' };
const serverAddress: OptionValue = { type: 'addresses', addresses: ['${server}'] };

export const phoneOptions: readonly PhoneOptions[] = [
  {
    family: 'All phones',
    door: 'http',
    takesTftp: true,
    options: [
      { code: optionCode.tftpServerName, value: url, reason: 'whole-url' },
      {
        code: optionCode.url160,
        value: url,
        reason: 'preferred-url',
      },
    ],
  },
  {
    family: 'Yealink',
    door: 'http',
    takesTftp: true,
    vendorClasses: ['yealink'],
    takesFtp: true,
    options: [{ code: optionCode.vendorEncapsulated, value: url, reason: 'after-66' }],
  },
  {
    family: 'Grandstream',
    door: 'http',
    takesTftp: true,
    vendorClasses: ['Grandstream'],
    options: [{ code: optionCode.vendorEncapsulated, value: url, reason: 'before-66' }],
  },
  {
    family: 'Snom',
    door: 'http',
    takesTftp: true,
    vendorClasses: ['snom'],
    options: [
      {
        code: optionCode.tftpServerName,
        value: { type: 'text', text: '${origin}' },
        reason: 'origin',
      },
      {
        code: optionCode.bootFileName,
        value: { type: 'text', text: '${path}' },
        reason: 'path',
      },
    ],
  },
  {
    family: 'Poly (Polycom)',
    door: 'http',
    takesTftp: true,
    vendorClasses: ['Polycom'],
    takesFtp: true,
    options: [
      { code: optionCode.url160, value: url, reason: 'boot-server-option' },
      { code: optionCode.url161, value: url, reason: 'instead-of-160' },
    ],
  },
  {
    family: 'Cisco with enterprise firmware (79xx, 78xx, 88xx)',
    door: 'tftp',
    vendorClasses: ['Cisco Systems, Inc. IP Phone'],
    nextServer: '${server}',
    options: [
      {
        code: optionCode.tftpServerAddresses,
        value: serverAddress,
        isAlwaysSent: true,
        reason: 'tftp-addresses',
      },
      { code: optionCode.tftpServerName, value: server, reason: 'tftp-address' },
    ],
  },
  {
    family: 'Nortel 1100, 1200 (Avaya)',
    door: 'tftp',
    vendorClasses: ['Nortel-SIP-Phone'],
    options: [{ code: optionCode.tftpServerName, value: server, reason: 'tftp-address' }],
  },
  {
    family: 'Cisco SPA and ATA',
    door: 'tftp',
    vendorClasses: ['Cisco SPA', 'Cisco ATA', 'LINKSYS SPA'],
    options: [
      {
        code: optionCode.tftpServerName,
        value: server,
        reason: 'profile-rule',
      },
    ],
    byHttp: [
      {
        code: optionCode.tftpServerName,
        value: { type: 'text', text: '${origin}' },
        reason: 'profile-rule-by-http',
      },
    ],
  },
  {
    family: 'Cisco MPP (3PCC)',
    door: 'http',
    takesTftp: true,
    vendorClasses: ['CP-', 'Cisco CP-'],
    options: [
      { code: optionCode.tftpServerName, value: url, reason: 'first-of-list' },
      { code: optionCode.url159, value: url, reason: 'third-of-list' },
    ],
  },
  {
    family: 'Panasonic',
    door: 'http',
    takesTftp: true,
    vendorClasses: ['Panasonic'],
    options: [
      {
        code: optionCode.url160,
        value: { type: 'text', text: '${url}{MODEL}.cfg' },
        reason: 'model-file',
      },
      {
        code: optionCode.url159,
        value: { type: 'text', text: '${url}{MODEL}.cfg' },
        reason: 'without-160',
      },
    ],
  },
  {
    family: 'Mitel and Aastra',
    door: 'http',
    takesTftp: true,
    vendorClasses: ['AastraIPPhone', 'MitelIPPhone'],
    takesFtp: true,
    options: [
      {
        code: optionCode.vendorEncapsulated,
        value: {
          type: 'sub-options',
          subOptions: [
            { code: 2, value: url },
            { code: 3, value: { type: 'integer', bytes: 1, value: 0 } },
          ],
        },
        reason: 'sub-option-url',
      },
      { code: optionCode.url159, value: url, reason: 'like-160' },
    ],
  },
  {
    family: 'Gigaset DECT (N510, N670, N720, N870) and Maxwell',
    door: 'http',
    vendorClasses: ['N510', 'N670', 'N870', 'Gigaset', 'C470IP'],
    options: [
      {
        code: optionCode.defaultUrl,
        value: url,
        isAlwaysSent: true,
        reason: 'first-choice-short',
      },
      { code: optionCode.tftpServerName, value: server, reason: 'host-without-scheme' },
    ],
  },
  {
    family: 'Alcatel-Lucent Enterprise SIP',
    door: 'http',
    vendorClasses: ['alcatel.sip.0', 'aledevice'],
    options: [
      {
        code: optionCode.vendorEncapsulated,
        value: {
          type: 'sub-options',
          subOptions: [
            { code: optionCode.tftpServerName, value: url },
            { code: optionCode.bootFileName, value: url },
          ],
        },
        reason: 'sub-option-by-class',
      },
    ],
  },
  {
    family: 'Alcatel-Lucent Enterprise NOE',
    door: 'tftp',
    vendorClasses: ['alcatel.noe.0', 'ictouch.0', 'alcatel.ictouch.0'],
    nextServer: '${server}',
    options: [
      { code: optionCode.tftpServerName, value: server, reason: 'tftp-only' },
      {
        code: optionCode.bootFileName,
        value: { type: 'text', text: 'lanpbx.cfg' },
        reason: 'main-file',
      },
    ],
  },
  {
    family: 'Patton SmartNode',
    door: undefined,
    // Not `SN` alone: upper and lower case count alike, and Snom begins so too.
    vendorClasses: ['SN4', 'SN5'],
    options: [{ code: optionCode.tftpServerName, value: server, reason: 'host-in-profile' }],
  },
];

/** The table as rules for our own server. */
export const phoneOptionRules: readonly OptionRule[] = phoneOptions.map((phones) =>
  toOptionRule(phones),
);

/** `name`: the reason of an option where it is shown. */
export function toOptionRule(
  { family, vendorClasses, options, nextServer }: PhoneOptions,
  name = family,
): OptionRule {
  return {
    name,
    options,
    ...(vendorClasses === undefined ? {} : { when: { vendorClasses } }),
    ...(nextServer === undefined ? {} : { nextServer }),
  };
}
