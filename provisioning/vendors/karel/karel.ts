/**
 * Karel IP111, IP112 and IP116, which are early Yealink phones and read sections that each name the
 * phone's own file, and NT32I and NT42I. Their TLS, if any, is older than what is taken today: the
 * administrator makes an exception for each.
 */
import type { Model, Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';

/** Model, accounts. */
const models: readonly Model[] = [
  ...(
    [
      ['IP111', 2],
      ['IP112', 4],
      ['IP116', 6],
    ] as const
  ).map(([id, lines]): Model => ({
    id,
    name: `Karel ${id}`,
    aliases: [`Karel ${id}`],
    family: 'ip',
    lines,
    keys: { line: 0 },
    codecs: ['g722', 'pcma', 'pcmu', 'g729', 'g726-32', 'g723'],
    features: ['poe', 'pc-port', 'conference', 'unencrypted-only'],
  })),
  ...['NT32I', 'NT42I'].map((id): Model => ({
    id,
    name: `Karel ${id}`,
    aliases: [`Karel ${id}`],
    family: 'nt',
    lines: 6,
    keys: { line: 0 },
    codecs: ['pcma', 'pcmu', 'g729', 'g723'],
    features: ['pc-port', 'unencrypted-only'],
  })),
];

export const karel: Vendor = {
  id: 'karel',
  name: 'Karel',
  identification: {
    macPrefixes: [],
    userAgents: [],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [{ pattern: /^(?<mac>[0-9a-f]{12})\.cfg$/, file: 'device', isShared: true }],
  models,
  genericModel: 'IP111',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  sharedByLines: { nt: ['transport'] },
  transports: { nt: ['udp'] },
  maps: {
    transport: { udp: '0', tcp: '1', tls: '2' },
    srtp: { off: '0', optional: '1', required: '1' },
    /** 0 is in the voice, 1 by RFC 4733, 2 by SIP INFO. */
    dtmf: { inband: '0', rfc4733: '1', info: '2', 'rfc4733-and-info': '1' },
    /** Number of the section of each codec, its name and its type of payload. */
    audio: { pcmu: '0', pcma: '1', g723: '3', g729: '4', g722: '5', 'g726-32': '9' },
    payload: {
      pcmu: 'PCMU',
      pcma: 'PCMA',
      g723: 'G723_63',
      g729: 'G729',
      g722: 'G722',
      'g726-32': 'G726-32',
    },
    rtpmap: { pcmu: '0', pcma: '8', g723: '4', g729: '18', g722: '9', 'g726-32': '2' },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['ip'],
      name: '{mac}.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'equals',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['ip'],
      name: '{mac}.cfg',
      template: 'ip.cfg.tmpl',
      syntax: 'equals',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['nt'],
      name: '{mac}.cfg',
      template: 'nt-bootstrap.cfg.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['nt'],
      name: '{mac}.cfg',
      template: 'nt.cfg.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['{mac}.cfg'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
