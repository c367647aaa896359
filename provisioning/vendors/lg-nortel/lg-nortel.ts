/**
 * LG-Nortel LIP-6804, 6812 and 6830, and the video phone Nortel 1535 of the same maker: text files in
 * sections, `name value`. Their TLS is older than what is taken today: the administrator makes an
 * exception for each.
 */
import type { KeyKindMap, Model, Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';
import { timeZones, timeZonesByOffset } from './time-zones.ts';

const text = 'text/plain; charset=utf-8';

/** Number of the function of a programmable key; 1 dials. */
const keyFunction: KeyKindMap = {
  blf: '1',
  speedDial: '1',
  park: '1',
  groupPickup: '1',
  login: '1',
  intercom: '1',
  directory: '2',
  history: '3',
  redial: '6',
  callReturn: '7',
  forward: '8',
  conference: '9',
  transfer: '10',
  dnd: '12',
  voicemail: '14',
};

/** Model, line keys; each takes an account. */
const phones: readonly Model[] = (
  [
    ['6804', 4],
    ['6812', 11],
    ['6830', 24],
  ] as const
).map(([number, keys]) => ({
  id: `LIP-${number}`,
  name: `LG-Nortel LIP-${number}`,
  aliases: [`LIP ${number}`, number, `LIP-${number}D`, `LIP-${number}N`],
  family: 'phone',
  lines: keys,
  keys: { line: keys },
  codecs: ['pcma', 'pcmu', 'g729', 'g723'],
  features: ['poe', 'pc-port', 'conference', 'snmp', 'unencrypted-only'],
}));

const videoPhone: Model = {
  id: '1535',
  name: 'Nortel 1535',
  aliases: ['LVP-2890', 'Nortel 1535 Video'],
  family: 'video',
  lines: 1,
  keys: { line: 0 },
  codecs: ['pcma', 'pcmu', 'g729', 'g723'],
  features: ['pc-port', 'colour-display', 'video', 'unencrypted-only'],
};

export const lgNortel: Vendor = {
  id: 'lg-nortel',
  name: 'LG-Nortel',
  identification: {
    macPrefixes: ['00405A', '001A7E'],
    userAgents: [
      /^LG-Nortel (?<model>LIP \d{4}) v(?<firmware>[\w.]{3,20}) SN\/(?<mac>[0-9A-F]{12})/i,
    ],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^(?<mac>[0-9A-F]{12})$/i, file: 'device' },
    // Below a folder for hardware and one for firmware.
    {
      pattern: /^(?:[\d.]{1,12}\/[\d.]{1,12}S\/)?(?<mac>[0-9A-F]{12})\.cfg$/,
      file: 'device',
      isShared: true,
    },
    { pattern: /^(?:[\d.]{1,12}\/[\d.]{1,12}S\/)?sysconf_2890d_sip\.cfg$/, file: 'system' },
    { pattern: /^(?<mac>[0-9A-F]{12})-phonebook\.csv$/i },
  ],
  models: [...phones, videoPhone],
  genericModel: 'LIP-6804',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  sharedByLines: {
    phone: ['transport', 'outboundProxy', 'voicemailNumber'],
    video: ['transport'],
  },
  transports: { phone: ['udp'], video: ['udp'] },
  maps: {
    keyFunction,
    timeZones,
    timeZonesByOffset,
    codec: { pcma: 'pcma', pcmu: 'pcmu', g729: 'g729', g723: 'g723' },
    dtmf: { inband: 'inband', rfc4733: 'rfc2833', info: 'info', 'rfc4733-and-info': 'nego' },
    /** 7 is the last. */
    week: { 1: '1', 2: '2', 3: '3', 4: '4', 5: '7' },
    webServer: { off: '0', https: '1', 'http-and-https': '1' },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['phone'],
      name: '{MAC}',
      template: 'bootstrap.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['phone'],
      name: '{MAC}',
      template: 'device.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'system',
      stage: 'bootstrap',
      families: ['video'],
      name: 'sysconf_2890d_sip.cfg',
      template: 'system.cfg.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'system',
      stage: 'secure',
      families: ['video'],
      name: 'sysconf_2890d_sip.cfg',
      template: 'system.cfg.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['video'],
      name: '{MAC}.cfg',
      template: 'video.cfg.tmpl',
      syntax: 'word',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [
    { families: ['phone'], requests: ['{MAC}'] },
    { families: ['video'], requests: ['sysconf_2890d_sip.cfg', '{MAC}.cfg'] },
  ],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [150, 66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
