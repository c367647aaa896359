/**
 * Wildix phones, adapters and gateways. The files of the WP4x0, made by Akuvox, are known in public: text
 * with `Config.X.Y = value`. Those of the others are not: they get the same names, which no device has
 * confirmed yet; templates of the administrator can replace them.
 */
import type { FileDeclaration, KeyKindMap, TransportMap, Vendor } from '../vendor.ts';
import { wp4x0Firmware } from './firmware.ts';
import { wildixModels } from './models.ts';
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

export const wp4x0: Vendor = {
  id: 'wp4x0',
  name: 'Wildix',
  identification: {
    macPrefixes: ['9C7514', '0C1105'],
    userAgents: [
      /^Akuvox (?:[^ ]{1,20} ){0,3}(?<model>[^ ]{2,20}) (?<firmware>[\d.]{3,20}) (?<mac>[0-9A-F]{12})/,
      /^Wildix[ /](?<model>(?:WP|W0|W2)\w{2,10}|W-PA|(?:Super)?Vision|WelcomeConsole|WorkForce|Start)[ /](?<firmware>[\d.]{3,20})(?:[ /(]{1,2}(?<mac>[0-9A-F]{12}))?/i,
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
  models: wildixModels,
  genericModel: 'WP410',
  quirks: [],
  sharedByLines: {
    // Ports for telephones have no message key.
    fxs: ['voicemailNumber'],
  },
  maps: {
    keyType,
    transport,
    zoneName: yealinkTimeZoneNames,
    srtp: { off: '0', optional: '1', required: '2' },
    dtmf: { inband: '1', rfc4733: '2', info: '3', 'rfc4733-and-info': '5' },
    codecIndex: { g729: '0', pcmu: '1', pcma: '2', g722: '5', 'g726-32': '8', opus: '9' },
    /** The larger number goes first; 0 is a codec that is not offered. */
    codecRank: { 1: '6', 2: '5', 3: '4', 4: '3', 5: '2', 6: '1' },
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
    button: { 1: 'TRANSFER', 2: 'VOICEMESSAGE' },
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
      AR: '3',
      BR: '13',
      CL: '3',
      CN: '2',
      CZ: '10',
      DK: '8',
      FI: '9',
      NO: '12',
      PL: '10',
      RO: '10',
      SE: '5',
      TW: '6',
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
      families: ['phone'],
      name: '{MAC}.cfg',
      template: 'device.cfg.tmpl',
      syntax: 'equals',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
    ...(
      [
        ['fxs.cfg.tmpl', ['fxs']],
        ['fxo.cfg.tmpl', ['fxo']],
        ['gsm.cfg.tmpl', ['gsm']],
        ['digital.cfg.tmpl', ['isdn', 'paging']],
      ] as const
    ).map(([template, families]): FileDeclaration => ({
      id: 'device',
      stage: 'secure',
      families,
      name: '{MAC}.cfg',
      template,
      syntax: 'equals',
      contentType: text,
      isSecret: true,
      isMain: true,
    })),
  ],
  boot: [{ requests: ['{MAC}.cfg'] }],
  firmware: wp4x0Firmware,
  resync: { fetch: 'check-sync', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [66, 43], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
