/** Cisco and Linksys SPA phones and adapters: one flat profile, names as on the web page. */
import type { Codec, FileDeclaration, KeyKindMap, Model, ModelFacts, Vendor } from '../vendor.ts';
import { ciscoSpaFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';

const xml = 'text/xml; charset=utf-8';
const codecs: readonly Codec[] = ['g722', 'pcma', 'pcmu', 'g729', 'g726-32'];
const attendants = { modules: 2, keys: 32 };

/** Model, lines, keys beside the display, whether it takes two attendant consoles. */
const phones = [
  ['SPA301', 1, 0, false],
  ['SPA303', 3, 3, true],
  ['SPA501G', 8, 8, true],
  ['SPA502G', 1, 0, true],
  ['SPA504G', 4, 4, true],
  ['SPA508G', 8, 8, true],
  ['SPA509G', 12, 12, true],
  ['SPA512G', 1, 0, true],
  ['SPA514G', 4, 4, true],
  ['SPA525G', 5, 5, true],
  ['SPA525G2', 5, 5, true],
  ['SPA901', 1, 0, false],
  ['SPA921', 1, 0, false],
  ['SPA922', 1, 0, false],
  ['SPA941', 4, 4, false],
  ['SPA942', 4, 4, false],
  ['SPA962', 6, 6, true],
] as const;
/** Model, lines; those with pages of a router keep network and passwords in a section of its own. */
const adapters = [
  ['SPA112', 2, true],
  ['SPA122', 2, true],
  ['ATA191', 2, true],
  ['ATA192', 2, true],
  ['SPA2102', 2, false],
  ['SPA3102', 1, false],
  ['SPA8000', 8, false],
  ['PAP2T', 2, false],
] as const;

const macPrefixes = [
  ...['000C41', '000E08', '000F66', '001217', '001310', '0014BF', '0016B6', '001839'],
  ...['0018F8', '001A70', '001C10', '001D7E', '001EE5', '002129', '00226B', '002369'],
  ...['00259C', '20AA4B', '48F8B3', '586D8F', '687F74', '98FC11', 'C0C1C0', 'C8B373'],
  ...['C8D719', '002699', '503DE5', '00E16D', '00DA55', '10BD18'],
];

/** What the two generations of flat profiles share. */
export const flatProfileMaps = {
  ldapScheme: { none: '', starttls: 'ldap://', ldaps: 'ldaps://' },
  startTls: { none: 'No', starttls: 'Yes', ldaps: 'No' },
  /** Waveform and cadence of the ten tones that the phones come with. */
  ringScript: {
    ...{ 1: 'w=3;c=1', 2: 'w=3;c=2', 3: 'w=3;c=3', 4: 'w=3;c=4', 5: 'w=2;c=1' },
    ...{ 6: 'w=2;c=2', 7: 'w=2;c=3', 8: 'w=2;c=4', 9: 'w=2;c=5', 10: 'w=4;c=1' },
  },
  web: { off: 'No', https: 'Yes', 'http-and-https': 'Yes' },
  dateFormat: { dmy: 'day/month', mdy: 'month/day', ymd: 'month/day' },
  language: {
    en: 'English',
    it: 'Italian',
    de: 'German',
    fr: 'French',
    es: 'Spanish',
    pt: 'Portuguese',
    nl: 'Dutch',
    pl: 'Polish',
    ru: 'Russian',
    tr: 'Turkish',
  },
  locale: {
    en: 'en-US',
    it: 'it-IT',
    de: 'de-DE',
    fr: 'fr-FR',
    es: 'es-ES',
    pt: 'pt-PT',
    nl: 'nl-NL',
    pl: 'pl-PL',
    ru: 'ru-RU',
    tr: 'tr-TR',
  },
  dtmf: { inband: 'InBand', rfc4733: 'AVT', info: 'INFO', 'rfc4733-and-info': 'AVT+INFO' },
  appearance: { line: 'private', sharedLine: 'shared' },
  function: {
    blf: 'blf+sd+cp',
    speedDial: 'sd',
    voicemail: 'sd',
    login: 'sd',
    groupPickup: 'sd',
    park: 'prk',
  } satisfies KeyKindMap,
};

const phoneFacts: ModelFacts = {
  hasDhcpSwitch: false,
  hasRouterPages: false,
  isMultiPlatform: false,
  hasShortDirectoryNames: false,
  hasLdapTls: false,
  hasRingInBrackets: true,
  tosWord: 'TOS',
  unitKeyEnd: '',
};

export const ciscoSpa: Vendor = {
  id: 'cisco-spa',
  name: 'Cisco SPA',
  identification: {
    macPrefixes,
    userAgents: [
      /^Cisco\/(?<model>(?:SPA|ATA|PAP)-?\w{2,8}?)(?:-MPP)?-(?<firmware>\d[\w.-]{2,20}(?:\(\w{1,12}\))?)(?: \((?:(?<mac>[0-9A-Fa-f]{12})|(?<serial>\w{6,20}))\))?/,
      // A serial number, and some of those have twelve hexadecimal digits: a MAC only where it begins as one of theirs.
      new RegExp(
        String.raw`^Linksys\/(?<model>(?:SPA|PAP)-?\w{2,8}?)-(?<firmware>\d[\w.-]{2,20}(?:\(\w{1,12}\))?)` +
          String.raw`(?: \((?:(?<mac>(?:${macPrefixes.join('|')})[0-9A-F]{6})|(?<serial>\w{6,20}))\))?`,
      ),
    ],
    vendorClasses: [
      /^(?:Cisco|LINKSYS)(?: Systems, Inc\. IP Phone)? (?<model>(?:SPA|ATA|PAP)-?\w{2,8})/i,
    ],
    certificates: [
      {
        subject:
          /CN=(?<model>SPA-?\w{3,8})\\?, MAC: (?<mac>[0-9A-Fa-f]{12})\\?, Serial: (?<serial>\w{6,20})/,
      },
    ],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^spa(?<mac>[0-9a-f]{12})\.(?:cfg|xml)$/i, file: 'device' },
    { pattern: /^spa(?<model>\w{3,8})\.cfg$/i, file: 'model' },
    { pattern: /^init\.cfg$/, file: 'model' },
    { pattern: /^(?<model>ATA19[12])(?:-MPP)?\.(?:cfg|xml)$/i, file: 'model' },
    { pattern: /^(?<mac>[0-9a-f]{12})\.xml$/i, file: 'device', isShared: true },
    { pattern: /^(?:[^/]+\/)*(?:spa|ata)[^/]+\.(?:bin|img)$/i, isFirmware: true },
  ],
  models: [
    ...phones.map(([id, lines, keys, hasAttendants]): Model => ({
      id,
      name: id,
      // The common file's name and its pattern leave SPA out.
      aliases: [id.slice(3)],
      family: 'phone',
      lines,
      keys: { line: keys, ...(hasAttendants ? { expansion: attendants } : {}) },
      codecs,
      features: ['poe', 'pc-port', 'conference'],
      fileName: id.slice(3),
      facts: {
        ...phoneFacts,
        hasDhcpSwitch: id.startsWith('SPA9'),
        hasShortDirectoryNames: id.startsWith('SPA525'),
      },
    })),
    ...adapters.map(([id, lines, hasRouterPages]): Model => ({
      id,
      name: id,
      aliases: [id.replace('SPA', '')],
      family: 'adapter',
      lines,
      keys: { line: 0 },
      codecs: ['pcma', 'pcmu', 'g729', 'g726-32'],
      features: ['fxs'],
      fileName: id.replace('SPA', ''),
      facts: {
        ...phoneFacts,
        hasDhcpSwitch: id === 'PAP2T',
        hasRouterPages,
        isMultiPlatform: id.startsWith('ATA'),
        hasRingInBrackets: false,
        tosWord: hasRouterPages ? 'ToS' : 'TOS',
      },
    })),
  ],
  genericModel: 'SPA301',
  quirks: [],
  sharedByLines: { phone: ['voicemailNumber'], adapter: ['voicemailNumber'] },
  maps: {
    ...flatProfileMaps,
    debugLevel: { error: '0', warning: '1', notice: '2', info: '2', debug: '3' },
    secure: { off: 'No', optional: 'Yes', required: 'Yes' },
    secureOption: { off: 'Optional', optional: 'Optional', required: 'Required' },
    /** By minutes: adapters choose a zone from a list; when summer time begins is told besides. */
    routerZone: {
      '-720': '-12 1 0',
      '-660': '-11 1 0',
      '-600': '-10 1 0',
      '-540': '-09 1 1',
      '-480': '-08 1 1',
      '-420': '-07 2 1',
      '-360': '-06 2 1',
      '-300': '-05 2 1',
      '-240': '-04 2 1',
      '-210': '-03.5 1 1',
      '-180': '-03 2 1',
      '-60': '-01 1 2',
      '0': '+00 2 2',
      '60': '+01 2 2',
      '120': '+02 2 2',
      '180': '+03 1 0',
      '240': '+04 1 0',
      '300': '+05 1 0',
      '330': '+05.5 1 0',
      '360': '+06 1 0',
      '420': '+07 1 0',
      '480': '+08 3 0',
      '540': '+09 1 0',
      '600': '+10 2 4',
      '660': '+11 1 0',
      '720': '+12 2 4',
    },
    codec: { g722: 'G722', pcma: 'G711a', pcmu: 'G711u', g729: 'G729a', 'g726-32': 'G726-32' },
    codecSwitch: { g722: 'G722', g729: 'G729a', 'g726-32': 'G726-32' },
  },
  files: [
    {
      id: 'model',
      stage: 'bootstrap',
      name: 'spa{model}.cfg',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      name: '{mac}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    ...(['phone', 'adapter'] as const).map((family): FileDeclaration => ({
      id: 'device',
      stage: 'secure',
      families: [family],
      name: '{mac}.xml',
      template: family === 'phone' ? 'device.xml.tmpl' : 'adapter.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: true,
      isMain: true,
    })),
  ],
  boot: [{ requests: ['spa{model}.cfg', '{mac}.xml'] }],
  firmware: ciscoSpaFirmware,
  resync: { fetch: 'check-sync', reboot: 'reboot' },
  dhcp: { options: [66], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
