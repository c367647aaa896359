/**
 * Fanvil X, V, H, W and i devices, in the text dialect. Phones of the first generation (X3S, X4, H2 …)
 * read other modules and shorter names: the family `first`. Of the DECT bases only the file's name and the page where it
 * is set are known, both those of the phones: they get the phones' names.
 */
import type { FileDeclaration, KeyKindMap, TransportMap, Vendor } from '../vendor.ts';
import { fanvilFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';
import { fanvilModels } from './models.ts';

/** What all its files share; those with secrets say so. */
const form = {
  stage: 'bootstrap',
  syntax: 'colon',
  contentType: 'text/plain; charset=utf-8',
  lineEnd: '\r\n',
  isSecret: false,
} as const;
const transport: TransportMap = { udp: '0', tcp: '1', tls: '3' };

/** Keys of type 1: `number@line/flag`. */
const memoryFlag: KeyKindMap = {
  speedDial: 'f',
  groupPickup: 'f',
  login: 'f',
  blf: 'ba',
  intercom: 'i',
  park: 'c',
};
/** Keys of type 3, functions of the phone. */
const keyEvent: KeyKindMap = {
  dnd: 'F_DND',
  hold: 'F_HOLD',
  voicemail: 'F_MWI',
  record: 'F_RECORD',
  redial: 'F_REDIAL',
  transfer: 'F_B_TRANSFER',
  forward: 'F_CFWD',
  prefix: 'F_PREFIX',
  ldap: 'F_LDAPCONTACTS:1',
};
const firstKeyEvent: KeyKindMap = { ...keyEvent, record: 'F_REC', ldap: 'F_LDAP:1' };

const generations = [
  { families: ['phone'], bootstrap: 'bootstrap.cfg.tmpl', device: 'device.cfg.tmpl' },
  { families: ['first'], bootstrap: 'first-bootstrap.cfg.tmpl', device: 'first.cfg.tmpl' },
  { families: ['dect'], bootstrap: 'bootstrap.cfg.tmpl', device: 'dect.cfg.tmpl' },
] as const;

export const fanvil: Vendor = {
  id: 'fanvil',
  name: 'Fanvil',
  identification: {
    macPrefixes: ['0C383E', '00A859'],
    userAgents: [
      /^Fanvil (?<model>\S{2,12}(?: Pro)?) (?<firmware>[\d.]{3,20})(?: (?<mac>[0-9a-f]{12}))?$/i,
    ],
    // Only where the class is switched on; otherwise it is the generic one of their operating system.
    vendorClasses: [/^Fanvil[ _-]?(?<model>[A-Za-z]\w{1,10}(?: Pro)?)?/i],
    certificates: [{ subject: /(?:^|,)\s*CN=(?<mac>[0-9a-f]{12})(?:,|$)/i, issuer: /Fanvil/i }],
    pnpVendors: ['fanvil'],
  },
  requests: [
    { pattern: /^(?<mac>[0-9a-f]{12})\.cfg$/i, file: 'device', isShared: true },
    {
      pattern: /^(?<product>[fa]0(?:\w{1,12}hw\d\.\d{1,4}|\w{8,14}))\.cfg$/i,
      file: 'common',
    },
    { pattern: /^fanvil_\w{1,20}_hwv?\d{1,2}(?:_\d{1,2})?\.txt$/i },
    { pattern: /^(?:[^/]+\/)*[^/]+\.z$/i, isFirmware: true },
  ],
  models: fanvilModels,
  handsetModels: ['W601D'],
  genericModel: 'generic',
  quirks: [],
  maps: {
    memoryFlag,
    keyEvent,
    plainType: { dtmf: '4', url: '7', xmlBrowser: '21', paging: '14' } satisfies KeyKindMap,
    firstKeyEvent,
    firstPlainType: { dtmf: '4', url: '7', xmlBrowser: '7', paging: '14' } satisfies KeyKindMap,
    transport,
    protocol: { tftp: '2', http: '4', https: '5' },
    srtp: { off: '0', optional: '1', required: '2' },
    dtmf: { inband: '0', rfc4733: '1', info: '2', 'rfc4733-and-info': '3' },
    codec: {
      opus: 'opus',
      g722: 'G722',
      pcma: 'PCMA',
      pcmu: 'PCMU',
      g729: 'G729',
      ilbc: 'iLBC',
      'g726-32': 'G726-32',
      g723: 'G723',
    },
    firstCodec: {
      g722: 'G722',
      pcma: 'G711A',
      pcmu: 'G711U',
      g729: 'G729',
      'g726-32': 'G726-32',
      g723: 'G723',
    },
    tones: {
      IT: '21',
      DE: '2',
      FR: '25',
      ES: '33',
      PT: '32',
      GB: '13',
      US: '11',
      NL: '5',
      BE: '0',
      CH: '9',
      AT: '22',
      RU: '19',
    },
    dateFormat: { dmy: '9', mdy: '11', ymd: '13' },
    /** The first generation counts the formats otherwise, and numbers the languages. */
    shortDateFormat: { dmy: '5', mdy: '7', ymd: '9' },
    languageX: { en: '0', nl: '3', fr: '4', it: '7', es: '10', de: '16' },
    languageV: { en: '0', nl: '3', fr: '5', es: '6', it: '7', de: '16' },
    ldapSecurity: { none: '0', ldaps: '1', starttls: '2' },
    webServer: { 'http-and-https': '0', https: '1' },
    logLevel: { error: 'ERROR', warning: 'WARN', notice: 'INFO', info: 'INFO', debug: 'DEBUG' },
    action: {
      setup: 'Boot Completed Url ',
      registered: 'Reg On Url         ',
      unregistered: 'Reg Off Url        ',
      registerFailed: 'Reg Failed Url     ',
      offHook: 'Offhook Url        ',
      onHook: 'Onhook Uri         ',
      incoming: 'Incoming Call Url  ',
      outgoing: 'Outgoing Call Url  ',
      established: 'Call Active Url    ',
      terminated: 'Call Stop Url      ',
      missed: 'New Missed call Url',
      dndOn: 'DND On Url         ',
      dndOff: 'DND Off Url        ',
      forwardOn: 'Always FWD On Url  ',
      forwardOff: 'Always FWD Off Url ',
      blindTransfer: 'Transfer Url       ',
      hold: 'Hold On Url        ',
      unhold: 'Hold Off Url       ',
      mute: 'Mute On Url        ',
      unmute: 'Mute Off Url       ',
    },
    /** One of them is spelt so by the vendor. */
    firstAction: {
      setup: 'Boot Completed Url ',
      registered: 'Reg On Url         ',
      unregistered: 'Reg Off Url        ',
      registerFailed: 'Reg Failed Url     ',
      offHook: 'Offhook Url        ',
      onHook: 'Onhook Uri         ',
      incoming: 'Incmoing Call Url  ',
      outgoing: 'Outgoing Call Url  ',
      established: 'Call Active Url    ',
      terminated: 'Call Stop Url      ',
      missed: 'Missed call Url    ',
      dndOn: 'DND On Url         ',
      dndOff: 'DND Off Url        ',
      forwardOn: 'Always FWD On Url  ',
      forwardOff: 'Always FWD Off Url ',
      blindTransfer: 'B Transfer Url     ',
      attendedTransfer: 'A Transfer Url     ',
      hold: 'Hold Url           ',
      unhold: 'Unhold Url         ',
      mute: 'Mute Url           ',
      unmute: 'Unmute Url         ',
    },
  },
  files: generations.flatMap(({ families, bootstrap, device }): FileDeclaration[] => [
    { ...form, id: 'common', families, name: '{product}.cfg', template: bootstrap },
    { ...form, id: 'device', families, name: '{mac}.cfg', template: bootstrap },
    {
      ...form,
      id: 'device',
      families,
      stage: 'secure',
      name: '{mac}.cfg',
      template: device,
      isSecret: true,
      isMain: true,
    },
  ]),
  boot: [{ requests: ['{product}.cfg?', '{mac}.cfg'] }],
  firmware: fanvilFirmware,
  resync: { fetch: 'check-sync', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [66, 43], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
