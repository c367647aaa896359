/** Gigaset N-series DECT: N510 and N720 (symbol items), N610 to N870 (parameters). */
import type { Codec, Model, TransportMap, Vendor } from '../vendor.ts';
import { gigasetFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';

const xml = 'text/xml; charset=utf-8';
const transport: TransportMap = { udp: '1', tcp: '2', tls: '3' };
const codecs: readonly Codec[] = ['g722', 'pcma', 'pcmu', 'g729', 'g726-32'];

/** Model, family, handsets (each has its line), calls through one base, bases of a system. */
const models: readonly Model[] = (
  [
    ['N510', 'n510', 6, 4, 1, ['N510 IP PRO']],
    ['N720', 'n510', 100, 8, 30, ['N720 DM PRO', 'N720-DM-PRO', 'N720 IP PRO']],
    ['N610', 'nx70', 20, 8, 1, ['N610 IP PRO']],
    ['N670', 'nx70', 20, 8, 1, ['N670 IP PRO']],
    ['N770', 'nx70', 100, 8, 1, ['N770 IP PRO']],
    ['N870', 'nx70', 250, 8, 60, ['N870 IP PRO', 'N870 VI PRO', 'N870E IP PRO', 'N870E']],
  ] as const
).map(([id, family, handsets, calls, bases, aliases]) => ({
  id,
  name: aliases[0],
  aliases,
  family,
  lines: handsets,
  handsets,
  dect: {
    calls,
    bases,
    systemHandsets: handsets,
    opensBy: family === 'nx70' ? ('file' as const) : ('hand' as const),
    removesBy: family === 'nx70' ? ('file' as const) : ('hand' as const),
  },
  keys: { line: 0 },
  codecs,
  features: ['poe', 'dect'],
}));

/** The first account's symbols have no number, those of the others end in it. */
const suffix: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [
    String(index + 1),
    index === 0 ? '' : `_${index + 1}`,
  ]),
);

export const gigaset: Vendor = {
  id: 'gigaset',
  name: 'Gigaset',
  identification: {
    macPrefixes: ['7C2F80', '589EC6', '002104', '14B370'],
    userAgents: [
      /^"?(?:Gigaset )?(?<model>N\d{3}E?[ -](?:IP|VI|DM)[ -]PRO|C\d{3}\w{0,3} IP)\/(?<firmware>[\w.+-]{3,40})(?:;(?<mac>[0-9A-Fa-f]{12}))?(?:;Handset=\d{1,4})?"?$/,
    ],
    vendorClasses: [/^(?:Gigaset_)?(?<model>N\d{3})_(?:IP|DM|VI)_PRO/, /^C\d{3}IP$/],
    certificates: [{ subject: /(?:^|,)\s*CN=(?<mac>[0-9a-f]{12})(?:,|$)/i, issuer: /Gigaset/i }],
    pnpVendors: ['gigaset'],
  },
  requests: [
    { pattern: /^(?<mac>[0-9a-f]{12})\.xml$/i, file: 'device', isShared: true },
    { pattern: /^(?:42|70)\/[12]\/(?:master|baselines)\.bin$|^\d\d\/fw\d+\.bin/ },
    { pattern: /^provisioning\.xml$/ },
    { pattern: /^(?:[^/]+\/)*(?:Gigaset-)?N(?:x70|\d{3})[^/]*\.bin$/i, isFirmware: true },
  ],
  models,
  handsetModels: ['S650H PRO', 'S700H PRO', 'SL750H PRO', 'SL800H PRO', 'R650H PRO', 'R700H PRO'],
  genericModel: 'N610',
  quirks: [],
  maps: {
    transport,
    suffix,
    srtp: { off: '0', optional: '1', required: '1' },
    plain: { off: '1', optional: '1', required: '0' },
    /** Bits: 1 audio, 2 RTP event, 4 SIP INFO. */
    dtmf: { inband: '1', rfc4733: '2', info: '4', 'rfc4733-and-info': '6' },
    codec: { pcmu: '0x00', pcma: '0x01', 'g726-32': '0x02', g729: '0x03', g722: '0x05' },
    tones: { DE: 'Germany', ES: 'Spain', FR: 'France', IT: 'Italy' },
    toneCode: {
      US: '1',
      CH: '2',
      ES: '6',
      FR: '7',
      GB: '8',
      NL: '9',
      PL: '10',
      RU: '11',
      DE: '12',
      IT: '13',
    },
    webLanguage: {
      en: '0x1',
      de: '0x2',
      es: '0x4',
      it: '0x7',
      fr: '0x9',
      nl: '0xa',
      tr: '0x10',
      pl: '0x11',
    },
    timezone: {
      '-11': '0x01',
      '-10': '0x02',
      '-9': '0x03',
      '-8': '0x04',
      '-7': '0x07',
      '-6': '0x09',
      '-5': '0x0d',
      '-4': '0x0f',
      '-3': '0x15',
      '-2': '0x16',
      '-1': '0x18',
      '+0': '0x1a',
      '+1': '0x1b',
      '+2': '0x20',
      '+3': '0x28',
      '+4': '0x2b',
      '+5': '0x2e',
      '+6': '0x33',
      '+7': '0x37',
      '+8': '0x3a',
      '+9': '0x3d',
      '+10': '0x43',
    },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['n510'],
      name: '{MAC}.xml',
      template: 'bootstrap-n510.xml.tmpl',
      syntax: 'symbItem',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['nx70'],
      name: '{mac}.xml',
      template: 'bootstrap-nx70.xml.tmpl',
      syntax: 'param',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['n510'],
      name: '{MAC}.xml',
      template: 'n510.xml.tmpl',
      syntax: 'symbItem',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['nx70'],
      name: '{mac}.xml',
      template: 'nx70.xml.tmpl',
      syntax: 'param',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [
    { families: ['n510'], requests: ['{MAC}.xml', '42/2/master.bin?'] },
    { families: ['nx70'], requests: ['{mac}.xml'] },
  ],
  firmware: gigasetFirmware,
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [114, 66], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
