/** Wildix WP4x0 phones, made by Akuvox: text files with `Config.X.Y = value`. */
import type { KeyKindMap, Model, TransportMap, Vendor } from '../vendor.ts';
import { wp4x0Firmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';
import { yealinkTimeZoneNames } from '../yealink/time-zone-names.ts';

const text = 'text/plain; charset=utf-8';
const transport: TransportMap = { udp: '0', tcp: '1', tls: '2' };
const keyType: KeyKindMap = {
  dnd: '1',
  directory: '5',
  forward: '6',
  groupPickup: '8',
  intercom: '9',
  speedDial: '10',
  history: '11',
  redial: '13',
  line: '14',
  sharedLine: '14',
  blf: '16',
  callReturn: '18',
  login: '19',
  record: '20',
  xmlBrowser: '21',
  dtmf: '22',
  paging: '24',
  voicemail: '26',
  transfer: '27',
  park: '28',
  url: '32',
};

/** Model, accounts, line keys. */
const models: readonly Model[] = (
  [
    ['WP410', 2, 2],
    ['WP480', 3, 16],
    ['WP490', 3, 16],
  ] as const
).map(([id, lines, keys]) => ({
  id,
  name: id,
  aliases: [`${id}G`, `${id}GR2`, `${id}GR3`, `${id}R2`],
  family: 'phone',
  lines,
  keys: { line: keys, soft: 4 },
  codecs: ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'g726-32'],
  features: ['poe', 'pc-port', 'conference', 'snmp'],
}));

export const wp4x0: Vendor = {
  id: 'wp4x0',
  name: 'Wildix',
  identification: {
    macPrefixes: ['9C7514', '0C1105'],
    userAgents: [
      /^Akuvox (?:[^ ]{1,20} ){0,3}(?<model>[^ ]{2,20}) (?<firmware>[\d.]{3,20}) (?<mac>[0-9A-F]{12})/,
      /^Wildix (?<model>WP\w{3,10}) (?<firmware>[\d.]{3,20})/i,
    ],
    vendorClasses: [],
    certificates: [],
    pnpVendors: ['akuvox', 'wildix'],
  },
  requests: [
    // Upper case only: the same name in lower case is that of other vendors.
    { pattern: /^(?<mac>[0-9A-F]{12})\.cfg$/, file: 'device', isShared: true },
    { pattern: /^r0{9,10}\d{2,3}\.cfg$/i },
    { pattern: /^(?:[^/]+\/)*[^/]+\.rom$/i, isFirmware: true, isShared: true },
  ],
  models,
  genericModel: 'WP410',
  quirks: [],
  maps: {
    keyType,
    transport,
    zoneName: yealinkTimeZoneNames,
    srtp: { off: '0', optional: '1', required: '2' },
    dtmf: { inband: '1', rfc4733: '2', info: '3', 'rfc4733-and-info': '5' },
    codecIndex: { g729: '0', pcmu: '1', pcma: '2', g722: '5', 'g726-32': '8', opus: '9' },
    codecName: {
      g729: 'G729',
      pcmu: 'PCMU',
      pcma: 'PCMA',
      g722: 'G722',
      'g726-32': 'G726-32',
      opus: 'opus',
    },
    language: {
      en: '0',
      ru: '3',
      pt: '5',
      es: '6',
      it: '7',
      nl: '8',
      fr: '9',
      de: '10',
      pl: '13',
      tr: '14',
    },
    dateFormat: { ymd: '0', dmy: '2', mdy: '6' },
    logLevel: { error: '3', warning: '4', notice: '5', info: '6', debug: '7' },
    tones: {
      IT: '14',
      DE: '10',
      AT: '10',
      ES: '3',
      PT: '13',
      NL: '11',
      BE: '7',
      US: '1',
    },
    action: {
      setup: 'SetupCompleted',
      registered: 'Registered',
      unregistered: 'Unregistered',
      registerFailed: 'RegisterFailed',
      offHook: 'OffHook',
      onHook: 'OnHook',
      incoming: 'IncomingCall',
      outgoing: 'OutgoingCall',
      established: 'Established',
      terminated: 'Terminated',
      missed: 'MissedCall',
      dndOn: 'OpenDND',
      dndOff: 'CloseDND',
      forwardOn: 'OpenAlwaysForward',
      forwardOff: 'CloseAlwaysForward',
      blindTransfer: 'BlindTransfer',
      attendedTransfer: 'AttendedTransfer',
      hold: 'Hold',
      unhold: 'UnHold',
      mute: 'Mute',
      unmute: 'UnMute',
    },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      name: '{MAC}.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'equals',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: '{MAC}.cfg',
      template: 'device.cfg.tmpl',
      syntax: 'equals',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['{MAC}.cfg'] }],
  firmware: wp4x0Firmware,
  resync: { fetch: 'check-sync', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [66, 43], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
