/** Htek UC8xx and UC9xx phones: P values as Grandstream has them, under other numbers. */
import type { ValueMap } from '../../template/filter.ts';
import type { Codec, KeyKindMap, Model, TransportMap, Vendor } from '../vendor.ts';
import { htekFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';

const xml = 'text/xml; charset=utf-8';
const transport: TransportMap = { udp: '0', tcp: '1', tls: '2' };
const codecs: readonly Codec[] = ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'g726-32'];
const keyType: KeyKindMap = {
  line: '1',
  speedDial: '2',
  blf: '3',
  voicemail: '5',
  groupPickup: '7',
  park: '8',
  intercom: '9',
  dtmf: '10',
  prefix: '11',
  xmlBrowser: '14',
  ldap: '15',
  hold: '20',
  dnd: '21',
  redial: '22',
  record: '25',
  sharedLine: '31',
  login: '32',
  url: '35',
  paging: '47',
};

/** Model, accounts, line keys. */
const models: readonly Model[] = (
  [
    ['UC802', 2, 0],
    ['UC803', 2, 0],
    ['UC804', 4, 4],
    ['UC806', 4, 4],
    ['UC840', 4, 4],
    ['UC842', 4, 4],
    ['UC860', 6, 14],
    ['UC862', 6, 14],
    ['UC903', 3, 20],
    ['UC912', 4, 12],
    ['UC923', 6, 20],
    ['UC924', 12, 28],
    ['UC926', 16, 36],
  ] as const
).map(([id, lines, keys]) => ({
  id,
  name: id,
  aliases: [...['E', 'G', 'P', 'S', 'T', 'U', 'W'].map((letter) => id + letter), id.slice(2)],
  family: 'phone',
  lines,
  keys: { line: keys },
  codecs,
  features: ['poe', 'pc-port', 'conference', 'snmp'],
}));

/** Parameters of the accounts: six with numbers of their own, then ten in a row. */
function accountParameters(first: readonly number[], seventh: number): ValueMap {
  const numbers = [...first, ...Array.from({ length: 10 }, (_, index) => seventh + index)];
  return Object.fromEntries(numbers.map((number, index) => [index + 1, `P${number}`]));
}

/**
 * Firmware without profiles looks here for what profile 1 says of the first account: numbers for the
 * second account and on.
 */
function ownParameters(...numbers: readonly number[]): ValueMap {
  return Object.fromEntries(numbers.map((number, index) => [index + 2, `P${number}`]));
}

/** Parameters of the line keys: a block of four, then each key with five in a row. */
function keyParameters(block: number, offset: number): ValueMap {
  return Object.fromEntries(
    Array.from({ length: 36 }, (_, index) => [
      index + 1,
      `P${index < 4 ? block + index : 20_200 + 5 * (index - 4) + offset}`,
    ]),
  );
}

export const htek: Vendor = {
  id: 'htek',
  name: 'Htek',
  identification: {
    macPrefixes: ['001FC1'],
    userAgents: [
      /^Htek (?<model>\w{3,12}) V?(?<firmware>[\d.]{3,20})(?: (?<mac>[0-9a-fA-F:]{12,17}))?/,
    ],
    vendorClasses: [],
    certificates: [
      { subject: /(?:^|,)\s*CN=(?<mac>[0-9a-f]{12})(?:,|$)/i, issuer: /Htek|Hanlong/i },
    ],
    pnpVendors: ['htek', 'hanlong'],
  },
  requests: [
    { pattern: /^cfg(?<mac>[0-9a-f]{12})$/i, isShared: true },
    { pattern: /^cfg(?<mac>[0-9a-f]{12})\.xml$/i, file: 'device', isShared: true },
    { pattern: /^cfg(?:UC)?\d{3,4}[A-Z]?\.xml$/i },
    { pattern: /^factory\d{4}\.bin$/i },
    { pattern: /^(?:[^/]+\/)*fw\d{3}[A-Z]?\.rom$/i, isFirmware: true },
  ],
  models: [
    ...models,
    {
      id: 'generic',
      name: 'Htek phone',
      family: 'phone',
      lines: 1,
      keys: { line: 0 },
      codecs: ['g722', 'pcma', 'pcmu'],
      features: [],
    },
  ],
  genericModel: 'generic',
  firmware: htekFirmware,
  quirks: [],
  sharedByLines: {
    phone: ['server', 'transport', 'outboundProxy'],
  },
  maps: {
    keyType,
    transport,
    active: accountParameters([271, 401, 501, 601, 20_360, 20_361], 24_090),
    profile: Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8].map((line) => [line, `P${24_081 + line}`]),
    ),
    label: accountParameters([20_000, 20_001, 20_002, 20_003, 20_378, 20_379], 24_100),
    user: accountParameters([35, 735, 504, 604, 1704, 1804], 24_110),
    auth: accountParameters([36, 736, 505, 605, 1705, 1805], 24_120),
    password: accountParameters([34, 734, 506, 606, 1706, 1806], 24_130),
    displayName: accountParameters([3, 703, 507, 607, 1707, 1807], 24_140),
    voicemail: accountParameters([33, 426, 526, 626, 1726, 1826], 24_170),
    pickup: accountParameters([4705, 4715, 4725, 4735, 20_464, 20_465], 24_220),
    groupPickup: accountParameters([4706, 4716, 4726, 4736, 20_466, 20_467], 24_230),
    ownServer: ownParameters(747, 502, 602, 20_362, 20_363),
    ownBackup: ownParameters(987, 988, 989, 20_364, 20_365),
    ownOutbound: ownParameters(748, 503, 603, 20_370, 20_371),
    ownTransport: ownParameters(830, 930, 1030, 20_374, 20_375),
    ownDnsMode: ownParameters(702, 508, 608, 20_380, 20_381),
    ownRegister: ownParameters(731, 510, 610, 20_384, 20_385),
    ownExpiry: ownParameters(732, 512, 612, 20_388, 20_389),
    ownNat: ownParameters(730, 514, 614, 20_376, 20_377),
    ownCodec1: ownParameters(757, 551, 651, 20_392, 20_393),
    ownCodec2: ownParameters(758, 552, 652, 20_394, 20_395),
    ownCodec3: ownParameters(759, 553, 653, 20_396, 20_397),
    ownCodec4: ownParameters(760, 554, 654),
    ownCodec5: ownParameters(761, 555, 655),
    ownCodec6: ownParameters(762, 556, 656),
    ownDtmfPayload: ownParameters(779, 579, 679, 20_416, 20_417),
    ownDtmf: ownParameters(20_167, 20_168, 20_169, 20_170, 20_171),
    ownSrtp: ownParameters(443, 543, 643),
    ownMwi: ownParameters(709, 515, 615, 1715, 1815),
    ownAutoAnswer: ownParameters(438, 538, 638),
    ownUserCheck: ownParameters(458, 567, 667),
    ownFeatures: ownParameters(751, 1891, 1991),
    featureSync: { 1: 'P8633', 2: 'P8634', 3: 'P8635', 4: 'P8656' },
    keyTypeAt: keyParameters(41_200, 0),
    keyValueAt: keyParameters(41_300, 1),
    keyLabelAt: keyParameters(41_400, 2),
    keyAccountAt: keyParameters(41_500, 3),
    keyPickupAt: keyParameters(41_600, 4),
    protocol: { tftp: '0', http: '1', https: '3' },
    srtp: { off: '0', optional: '1', required: '2' },
    dtmf: { rfc4733: '0', inband: '1', info: '2', 'rfc4733-and-info': '0' },
    codec: { opus: '120', g722: '9', pcma: '8', pcmu: '0', g729: '18', 'g726-32': '2' },
    syslogLevel: { error: '4', warning: '3', notice: '2', info: '2', debug: '1' },
    remoteBookName: { 1: 'P3316', 2: 'P3312', 3: 'P3313', 4: 'P3314', 5: 'P3315' },
    /** By the offset from UTC in minutes. */
    timeZone: {
      '-660': '105',
      '-600': '2',
      '-540': '3',
      '-480': '6',
      '-420': '10',
      '-360': '14',
      '-300': '18',
      '-270': '19',
      '-240': '20',
      '-210': '26',
      '-180': '30',
      '-120': '31',
      '-60': '32',
      0: '33',
      60: '49',
      120: '57',
      180: '73',
      210: '74',
      240: '77',
      300: '83',
      330: '84',
      360: '85',
      420: '88',
      480: '89',
      540: '93',
      570: '94',
      600: '96',
      630: '100',
      660: '101',
      720: '102',
      765: '103',
      780: '104',
    },
    dateFormat: { ymd: '0', mdy: '1', dmy: '2' },
    language: {
      en: '0',
      fr: '1',
      de: '2',
      es: '3',
      pt: '4',
      ru: '5',
      it: '6',
      pl: '7',
      tr: '8',
      nl: '10',
    },
    tones: {
      IT: '17',
      DE: '11',
      FR: '10',
      ES: '24',
      PT: '23',
      GB: '12',
      US: '28',
      NL: '21',
      BE: '4',
      CH: '25',
      AT: '2',
      RU: '27',
    },
    action: {
      setup: 'P3701',
      registered: 'P3702',
      unregistered: 'P3703',
      registerFailed: 'P3704',
      offHook: 'P3705',
      onHook: 'P3706',
      incoming: 'P3707',
      outgoing: 'P3708',
      established: 'P3709',
      terminated: 'P3710',
      dndOn: 'P3711',
      dndOff: 'P3712',
      forwardOn: 'P3713',
      forwardOff: 'P3714',
      blindTransfer: 'P3720',
      attendedTransfer: 'P3721',
      hold: 'P3722',
      unhold: 'P3723',
      mute: 'P3724',
      unmute: 'P3725',
      missed: 'P3726',
    },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      name: 'cfg{mac}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: 'cfg{mac}.xml',
      template: 'device.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['cfg{mac}.xml'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [66, 43], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
