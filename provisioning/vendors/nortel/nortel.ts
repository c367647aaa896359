/**
 * Nortel (later Avaya) 1120E, 1140E, 1165E, 1210, 1220 and 1230 with firmware for SIP 3.2 to 4.4: text
 * files with `NAME value`, by TFTP. The first firmware of the 12x0, made by ipDialog, reads XML. HTTPS needs a certificate that somebody typed in at the phone, so
 * the administrator makes an exception for each.
 */
import type { Codec, KeyKindMap, Model, ModelKeys, Vendor } from '../vendor.ts';
import { nortelFirmware } from './firmware.ts';
import { timeZones } from '../ipdialog/time-zones.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';
const xml = 'text/xml; charset=utf-8';

/** What stands behind a key: a number to dial, or a function of the phone. */
const keyType: KeyKindMap = {
  blf: 'spdial',
  speedDial: 'spdial',
  park: 'spdial',
  voicemail: 'spdial',
  groupPickup: 'spdial',
  login: 'spdial',
  intercom: 'spdial',
  dnd: 'dnd',
};

interface Row {
  readonly id: string;
  readonly name: string;
  /** Line keys, each of which takes an account. */
  readonly keys: number;
  readonly expansion?: ModelKeys['expansion'];
  readonly codecs: readonly Codec[];
  /** In names of files and of firmware. */
  readonly fileName: string;
}

/** Modules with 18 keys beside a display. */
const expansion = { modules: 3, keys: 18 };
const wideband = ['g722', 'pcma', 'pcmu', 'g729'] as const;
const narrowband = ['pcma', 'pcmu', 'g729'] as const;

const rows: readonly Row[] = [
  {
    id: '1120E',
    name: 'Nortel 1120E',
    keys: 4,
    expansion,
    codecs: wideband,
    fileName: '1120e',
  },
  {
    id: '1140E',
    name: 'Nortel 1140E',
    keys: 6,
    expansion,
    codecs: wideband,
    fileName: '1140e',
  },
  {
    id: '1165E',
    name: 'Avaya 1165E',
    keys: 8,
    expansion,
    codecs: wideband,
    fileName: '1165e',
  },
  { id: '1210', name: 'Avaya 1210', keys: 1, codecs: narrowband, fileName: '12x0' },
  { id: '1220', name: 'Avaya 1220', keys: 4, codecs: narrowband, fileName: '12x0' },
  { id: '1230', name: 'Avaya 1230', keys: 10, codecs: narrowband, fileName: '12x0' },
];

export const nortel: Vendor = {
  id: 'nortel',
  name: 'Nortel and Avaya 1100/1200',
  identification: {
    macPrefixes: ['001765', '001BBA', '00247F', '80177D', '581626'],
    userAgents: [
      /^(?:Avaya|Nortel) IP Phone 1\w{3,4} \(SIP(?<model>1[12]\w{2}e?)\.(?<firmware>\d{2}(?:\.\d{2}){3})\)/i,
      /^(?:Avaya|Nortel) IP Phone (?<model>1[12]\d0E?)\b/i,
      // A byte of the hardware's own stands before the slash.
      /^AVAYA\/SIP(?<model>11\d{2}e|12x0)[^/]{0,2}\/(?<firmware>\d{2}(?:\.\d{2}){3})$/i,
    ],
    vendorClasses: [/^Nortel-SIP-Phone-[AB]/],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^(?<model>11[246][05]e|12[123]0)SIP\.cfg$/i, file: 'common' },
    { pattern: /^12(?:x0|xx)SIP\.cfg$/i, file: 'common' },
    { pattern: /^SIP(?<mac>[0-9A-F]{12})\.cfg$/i, file: 'device' },
    { pattern: /^SIP(?<mac>[0-9A-F]{12})\.fk$/i, file: 'keys' },
    { pattern: /^(?:Nortel\/config\/)?SIP(?<mac>[0-9A-F]{12})\.xml$/i, file: 'xml' },
    // Of the firmware for another protocol, and of the phone's own rescue.
    { pattern: /^(?:11[246][05]e|12[123x][0x])(?:Boot)?\.cfg$/i },
    { pattern: /^SIP(?:11[246][05]e|12x0)[\d.]{11}\.bin$/i, isFirmware: true },
  ],
  models: rows.map(({ id, name, keys, expansion: modules, codecs, fileName }): Model => ({
    id,
    name,
    aliases: [`Nortel ${id}`, `Avaya ${id}`, ...(id.endsWith('E') ? [id.slice(0, -1)] : [])],
    family: fileName === '12x0' ? '12x0' : '11xx',
    lines: keys,
    keys: { line: keys, ...(modules === undefined ? {} : { expansion: modules }) },
    codecs,
    features: ['poe', 'pc-port', 'conference', 'unencrypted-only'],
    fileName,
    facts: { load: fileName },
  })),
  genericModel: '1220',
  firmware: nortelFirmware,
  quirks: [],
  sharedByLines: { '11xx': ['voicemailNumber'], '12x0': ['voicemailNumber'] },
  // TLS only where a line asks for it: the phone then needs a certificate of its own, put in by hand.
  transports: { '11xx': ['udp', 'tcp'], '12x0': ['udp', 'tcp'] },
  maps: {
    keyType,
    timeZones,
    protocols: { udp: 'UDP', tcp: 'TCP', tls: 'TLS' },
    codec: { g722: 'G722', pcma: 'PCMA', pcmu: 'PCMU', g729: 'G729' },
    srtp: { optional: 'BE-2MLines', required: 'SecureOnly' },
    /** Each but English is a file that the phone must have. */
    language: {
      en: 'English',
      it: 'Italian',
      de: 'German',
      fr: 'Francais',
      es: 'Spanish',
      pt: 'Portuguese',
      nl: 'Dutch',
      pl: 'Polish',
      ru: 'Russian',
      tr: 'Turkish',
    },
  },
  files: [
    {
      id: 'common',
      stage: 'bootstrap',
      name: '{model}SIP.cfg',
      template: 'common.cfg.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'common',
      stage: 'secure',
      name: '{model}SIP.cfg',
      template: 'common.cfg.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      name: 'SIP{MAC}.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: 'SIP{MAC}.cfg',
      template: 'device.cfg.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'keys',
      stage: 'secure',
      name: 'SIP{MAC}.fk',
      template: 'keys.fk.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'xml',
      stage: 'bootstrap',
      families: ['12x0'],
      name: 'Nortel/config/SIP{MAC}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'xml',
      stage: 'secure',
      families: ['12x0'],
      name: 'Nortel/config/SIP{MAC}.xml',
      template: 'device.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: true,
    },
  ],
  boot: [
    { families: ['11xx'], requests: ['{model}SIP.cfg', 'SIP{MAC}.cfg', 'SIP{MAC}.fk?'] },
    {
      families: ['12x0'],
      requests: ['Nortel/config/SIP{MAC}.xml?', '{model}SIP.cfg', 'SIP{MAC}.cfg', 'SIP{MAC}.fk?'],
    },
  ],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
