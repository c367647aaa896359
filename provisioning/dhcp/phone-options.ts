/**
 * Which options each family of phones reads, and in which form: data, from the makers' guides. Our
 * server makes rules of it, and the list for a foreign DHCP server is the same table. General
 * entries stand first; a later one wins where it sets the same option.
 */
import { optionCode } from './option-code.ts';
import type { OptionRule, OptionSetting } from './option-rules.ts';
import type { OptionValue } from './option-value.ts';

export interface PhoneOptions {
  /** As people know it. */
  readonly family: string;
  /** Beginnings of option 60 by which the family is known; none: everybody. */
  readonly vendorClasses?: readonly string[];
  readonly options: readonly (OptionSetting & { readonly why: string })[];
  readonly nextServer?: string;
}

const url: OptionValue = { type: 'text', text: '${url}' };
const server: OptionValue = { type: 'text', text: '${server}' };
const serverAddress: OptionValue = { type: 'addresses', addresses: ['${server}'] };

export const phoneOptions: readonly PhoneOptions[] = [
  {
    family: 'All phones',
    options: [
      { code: optionCode.tftpServerName, value: url, why: 'Read by nearly all, as a whole URL.' },
      {
        code: optionCode.url160,
        value: url,
        why: 'Polycom, AudioCodes, Cisco MPP, Panasonic, Mitel; wins over 66 where both are read.',
      },
    ],
  },
  {
    family: 'Yealink',
    vendorClasses: ['yealink'],
    options: [{ code: optionCode.vendorEncapsulated, value: url, why: 'Read after 66, as text.' }],
  },
  {
    family: 'Grandstream',
    vendorClasses: ['Grandstream'],
    options: [{ code: optionCode.vendorEncapsulated, value: url, why: 'Read before 66, as text.' }],
  },
  {
    family: 'Snom',
    vendorClasses: ['snom'],
    options: [
      {
        code: optionCode.tftpServerName,
        value: { type: 'text', text: '${origin}' },
        why: 'Scheme and host; the path comes in 67.',
      },
      {
        code: optionCode.bootFileName,
        value: { type: 'text', text: '${path}' },
        why: 'Path; below a folder the phone asks for snom<model>.htm and snom<model>-<MAC>.htm.',
      },
    ],
  },
  {
    family: 'Poly (Polycom)',
    vendorClasses: ['Polycom'],
    options: [
      { code: optionCode.url160, value: url, why: 'Custom option of the boot server setting.' },
      { code: optionCode.url161, value: url, why: 'Asked for by some firmware instead of 160.' },
    ],
  },
  {
    family: 'Cisco with enterprise firmware (79xx, 78xx, 88xx)',
    vendorClasses: ['Cisco Systems, Inc. IP Phone'],
    nextServer: '${server}',
    options: [
      {
        code: optionCode.tftpServerAddresses,
        value: serverAddress,
        isAlwaysSent: true,
        why: 'Addresses of TFTP servers, read first.',
      },
      { code: optionCode.tftpServerName, value: server, why: 'TFTP only: an address, no URL.' },
    ],
  },
  {
    family: 'Cisco SPA and ATA',
    vendorClasses: ['Cisco SPA', 'Cisco ATA', 'LINKSYS SPA'],
    options: [
      {
        code: optionCode.tftpServerName,
        value: server,
        why: 'An address; the file is that of Profile_Rule, /spa$PSN.cfg from the factory, by TFTP.',
      },
    ],
  },
  {
    family: 'Cisco MPP (3PCC)',
    vendorClasses: ['CP-', 'Cisco CP-'],
    options: [
      { code: optionCode.tftpServerName, value: url, why: 'First in its list of options.' },
      { code: optionCode.url159, value: url, why: 'Third in its list, after 66 and 160.' },
    ],
  },
  {
    family: 'Panasonic',
    vendorClasses: ['Panasonic'],
    options: [
      {
        code: optionCode.url160,
        value: { type: 'text', text: '${url}{MODEL}.cfg' },
        why: 'A file; the phone fills in its model.',
      },
      {
        code: optionCode.url159,
        value: { type: 'text', text: '${url}{MODEL}.cfg' },
        why: 'Read where there is no 160.',
      },
    ],
  },
  {
    family: 'Mitel and Aastra',
    vendorClasses: ['AastraIPPhone', 'MitelIPPhone'],
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
        why: 'Sub-option 2 is the URL, 3 = 0 keeps the phone from the redirection service.',
      },
      { code: optionCode.url159, value: url, why: 'Read like 160.' },
    ],
  },
  {
    family: 'Gigaset DECT (N510, N670, N720, N870) and Maxwell',
    vendorClasses: ['N510', 'N670', 'N870', 'Gigaset', 'C470IP'],
    options: [
      {
        code: optionCode.defaultUrl,
        value: url,
        isAlwaysSent: true,
        why: 'First choice; at most 74 characters.',
      },
      { code: optionCode.tftpServerName, value: server, why: 'A host: it adds http:// itself.' },
    ],
  },
  {
    family: 'Alcatel-Lucent Enterprise SIP',
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
        why: 'Sub-option 67 for alcatel.sip.0, 66 for Myriad and 8028s.',
      },
    ],
  },
  {
    family: 'Alcatel-Lucent Enterprise NOE',
    vendorClasses: ['alcatel.noe.0', 'ictouch.0', 'alcatel.ictouch.0'],
    nextServer: '${server}',
    options: [
      { code: optionCode.tftpServerName, value: server, why: 'TFTP only.' },
      {
        code: optionCode.bootFileName,
        value: { type: 'text', text: 'lanpbx.cfg' },
        why: 'The file that names everything else.',
      },
    ],
  },
  {
    family: 'Patton SmartNode',
    // Not `SN` alone: upper and lower case count alike, and Snom begins so too.
    vendorClasses: ['SN4', 'SN5'],
    options: [
      { code: optionCode.tftpServerName, value: server, why: 'A host: $(dhcp.66) in its profile.' },
    ],
  },
];

/** The table as rules for our own server. */
export const phoneOptionRules: readonly OptionRule[] = phoneOptions.map(
  ({ family, vendorClasses, options, nextServer }) => ({
    name: family,
    options,
    ...(vendorClasses === undefined ? {} : { when: { vendorClasses } }),
    ...(nextServer === undefined ? {} : { nextServer }),
  }),
);
