/**
 * AudioCodes 300HD and 400HD phones with the firmware for SIP: text files with `path/to/value=value`;
 * MediaPack adapters and gateways with digital trunks: ini files.
 */
import type { KeyKindMap, Model, Vendor } from '../vendor.ts';
import { audiocodesFirmware } from './firmware.ts';
import {
  mediaPackFiles,
  mediaPackMaps,
  mediaPackModels,
  mediaPackRequests,
  mediaPackUserAgents,
} from './media-pack.ts';
import { readTemplates } from '../template-folder.ts';
import { trunkGatewayFiles, trunkGatewayModels, trunkGatewayUserAgents } from './trunk-gateway.ts';

const text = 'text/plain; charset=utf-8';
const keyMode: KeyKindMap = {
  speedDial: 'SPEED_DIAL',
  voicemail: 'SPEED_DIAL',
  login: 'SPEED_DIAL',
  groupPickup: 'SPEED_DIAL',
  blf: 'SPEED_DIAL_BLF',
  park: 'SPEED_DIAL_BLF',
  paging: 'PAGING',
};

/** Model, accounts, programmable keys. */
const models: readonly Model[] = (
  [
    ['310HD', 4, 0],
    ['320HD', 4, 0],
    ['405HD', 2, 0],
    ['420HD', 2, 0],
    ['425HD', 2, 0],
    ['430HD', 4, 12],
    ['440HD', 6, 12],
    ['445HD', 6, 12],
    ['450HD', 8, 8],
    ['C450HD', 8, 0],
  ] as const
).map(([id, lines, keys]) => ({
  id,
  name: id,
  aliases: [`${id}G`, `${id}E`, `${id}PS`],
  family: 'phone',
  lines,
  keys: { line: keys },
  codecs: ['g722', 'pcma', 'pcmu'],
  features: ['poe', 'pc-port', 'conference'],
}));

export const audiocodes: Vendor = {
  id: 'audiocodes',
  name: 'AudioCodes',
  identification: {
    macPrefixes: ['00908F', '001719', '0005E7'],
    userAgents: [
      /^AUDC-IPPhone\/(?<firmware>[\w.]{3,20}) \((?<model>\w{3,12})(?:-Rev\d{1,3})?; (?<mac>[0-9A-F]{12})\)/,
      /^(?:AUDC\/[\d.]{3,20} )?AUDC-IPPhone-(?<model>C?\d{3}HD\w{0,3}?)_(?:UC_)?(?<firmware>[\d.]{3,20})\//,
      ...mediaPackUserAgents,
      ...trunkGatewayUserAgents,
    ],
    vendorClasses: [],
    certificates: [],
    pnpVendors: ['audiocodes'],
  },
  requests: [
    // Upper case only: the same name in lower case is that of other vendors.
    { pattern: /^(?<mac>[0-9A-F]{12})\.cfg$/, file: 'device', isShared: true },
    { pattern: /^(?:[^/]+\/)*C?\d{3}HD[^/]*\.img$/i, isFirmware: true },
    ...mediaPackRequests,
  ],
  models: [...models, ...mediaPackModels, ...trunkGatewayModels],
  genericModel: '420HD',
  firmware: audiocodesFirmware,
  quirks: [],
  sharedByLines: {
    phone: ['server', 'transport', 'outboundProxy', 'voicemailNumber'],
    'media-pack': ['server', 'transport', 'outboundProxy', 'voicemailNumber'],
  },
  maps: {
    ...mediaPackMaps,
    keyMode,
    transport: { udp: 'UDP', tcp: 'TCP', tls: 'TLS' },
    codec: { g722: 'G722_8000', pcma: 'PCMA', pcmu: 'PCMU' },
    srtp: {
      off: 'DONOTSUPPORTENCRYPTION',
      optional: 'SUPPORTENCRYPTION',
      required: 'REQUIREENCRYPTION',
    },
    dateFormat: { dmy: 'EUROPEAN', mdy: 'AMERICAN' },
    weekday: {
      0: 'SUNDAY',
      1: 'MONDAY',
      2: 'TUESDAY',
      3: 'WEDNESDAY',
      4: 'THURSDAY',
      5: 'FRIDAY',
      6: 'SATURDAY',
    },
    language: {
      en: 'ENGLISH',
      it: 'ITALIAN',
      de: 'GERMAN',
      fr: 'FRENCH',
      es: 'SPANISH',
      pt: 'PORTUGUESE',
      nl: 'DUTCH',
      pl: 'POLISH',
      ru: 'RUSSIAN',
    },
    country: {
      IT: 'Italy',
      DE: 'Germany',
      FR: 'France',
      GB: 'UK',
      US: 'USA',
      NL: 'Netherlands',
      PT: 'Portugal',
      RU: 'Russia',
    },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['phone'],
      name: '{MAC}.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['phone'],
      name: '{MAC}.cfg',
      template: 'device.cfg.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
    ...mediaPackFiles,
    ...trunkGatewayFiles,
  ],
  boot: [
    { families: ['phone'], requests: ['{MAC}.cfg'] },
    { families: ['media-pack', 'trunk-gateway'], requests: ['{mac}.ini'] },
  ],
  resync: { fetch: 'check-sync;reboot=false', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [160, 66, 67, 43], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
