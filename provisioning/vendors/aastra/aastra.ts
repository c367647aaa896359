/** Aastra 53i, 55i, 57i and 673xi (later Mitel): text files with `name: value`. */
import type { ValueMap } from '../../template/filter.ts';
import type { KeyKindMap, Model, ModelFacts, Vendor } from '../vendor.ts';
import { aastraFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';
/** Modules with keys beside small displays, such as the 560M with three pages of 20. */
const modules = { modules: 3, keys: 60 };

const keyType: KeyKindMap = {
  line: 'line',
  sharedLine: 'line',
  blf: 'blf',
  speedDial: 'speeddial',
  park: 'blf',
  voicemail: 'speeddial',
  groupPickup: 'speeddial',
  login: 'speeddial',
  intercom: 'icom',
  dnd: 'dnd',
  forward: 'callforward',
  transfer: 'xfer',
  conference: 'conf',
  redial: 'redial',
  callReturn: 'lcr',
  directory: 'directory',
  history: 'callers',
  xmlBrowser: 'xml',
};

/** How the phone calls its keys: in groups, each counted from 1. */
function keyNames(...groups: readonly (readonly [name: string, count: number])[]): ValueMap {
  const names = groups.flatMap(([name, count]) =>
    Array.from({ length: count }, (_, index) => `${name}${index + 1}`),
  );
  return Object.fromEntries(names.map((name, index) => [index + 1, name]));
}

interface Row {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly lines: number;
  readonly keys: number;
  /** Which keys there are: the name of a map. */
  readonly facts: ModelFacts;
  readonly hasModules: boolean;
}

const rows: readonly Row[] = [
  {
    id: '53i',
    aliases: ['6753i'],
    lines: 9,
    keys: 6,
    facts: { keys: 'programmable' },
    hasModules: true,
  },
  {
    id: '55i',
    aliases: ['6755i'],
    lines: 9,
    keys: 26,
    facts: { keys: 'soft' },
    hasModules: true,
  },
  {
    id: '57i',
    aliases: ['6757i', '57iCT', '6757iCT'],
    lines: 9,
    keys: 30,
    facts: { keys: 'top' },
    hasModules: true,
  },
  ...['6730i', '6731i'].map((id): Row => ({
    id,
    aliases: [],
    lines: 6,
    keys: 8,
    facts: { keys: 'programmable' },
    hasModules: false,
  })),
];

export const aastra: Vendor = {
  id: 'aastra',
  name: 'Aastra',
  identification: {
    macPrefixes: ['00085D', '0010BC', '08000F', '1400E9'],
    userAgents: [
      /^(?:Aastra|Mitel)(?<model>\w{2,8}) MAC:(?<mac>[0-9A-F]{2}(?:-[0-9A-F]{2}){5}) V:(?<firmware>[\d.]{3,20})-SIP/i,
      /^Aastra (?<model>\w{2,8})\/(?<firmware>[\d.]{3,20})/,
    ],
    vendorClasses: [/^(?:Aastra|Mitel)IPPhone(?<model>\w{2,8})/],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^aastra\.cfg$/i, file: 'common' },
    { pattern: /^startup\.cfg$/i },
    // Upper case only: the same name in lower case is that of other vendors.
    { pattern: /^(?<mac>[0-9A-F]{12})\.cfg$/, file: 'device', isShared: true },
    // The files of a model, and encrypted ones.
    { pattern: /^(?<model>(?:5[1357]i|67\d{2}i)(?:CT)?)\.cfg$/i },
    { pattern: /^(?:security|aastra|[0-9A-F]{12}|(?:5[1357]i|67\d{2}i)(?:CT)?)\.tuz$/i },
    { pattern: /^(?:[^/]+\/)*(?:5[1357]i|67\d{2}i)(?:CT)?\.st$/i, isFirmware: true },
  ],
  models: rows.map(({ id, aliases, lines, keys, facts, hasModules }): Model => ({
    id,
    name: `Aastra ${id}`,
    aliases,
    family: 'phone',
    lines,
    keys: { line: keys, ...(hasModules ? { expansion: modules } : {}) },
    codecs: ['pcma', 'pcmu', 'g729'],
    features: ['poe', 'pc-port', 'conference'],
    facts,
  })),
  genericModel: '6730i',
  firmware: aastraFirmware,
  quirks: [],
  sharedByLines: { phone: ['transport'] },
  maps: {
    keyType,
    programmable: keyNames(['prgkey', 8]),
    soft: keyNames(['softkey', 20], ['prgkey', 6]),
    top: keyNames(['topsoftkey', 10], ['softkey', 20]),
    transport: { udp: '1', tcp: '2', tls: '4' },
    protocol: { tftp: 'TFTP', http: 'HTTP', https: 'HTTPS' },
    srtp: { off: '0', optional: '1', required: '2' },
    outOfBand: { inband: '0', rfc4733: '1', info: '1', 'rfc4733-and-info': '1' },
    dtmf: { inband: '0', rfc4733: '0', info: '1', 'rfc4733-and-info': '2' },
    codec: {
      pcma: 'payload=8;ptime=20;silsupp=off',
      pcmu: 'payload=0;ptime=20;silsupp=off',
      g729: 'payload=18;ptime=20;silsupp=off',
    },
    /** Which weekday of the month; the last is counted from the end. */
    week: { 1: '1', 2: '2', 3: '3', 4: '4', 5: '-1' },
    dateFormat: { dmy: '3', mdy: '6', ymd: '2' },
    /** Bits of classes of messages. */
    logLevel: { error: '3', warning: '7', notice: '39', info: '39', debug: '65535' },
    tones: { IT: 'Italy', DE: 'Germany', FR: 'France', GB: 'UK', US: 'US', RU: 'Russia' },
    action: {
      setup: 'startup',
      registered: 'registered',
      incoming: 'incoming',
      outgoing: 'outgoing',
      offHook: 'offhook',
      onHook: 'onhook',
      established: 'connected',
      terminated: 'disconnected',
    },
  },
  files: [
    {
      id: 'common',
      stage: 'bootstrap',
      name: 'aastra.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'field',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      name: '{MAC}.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'field',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: '{MAC}.cfg',
      template: 'device.cfg.tmpl',
      syntax: 'field',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['security.tuz?', 'aastra.cfg', '{model}.cfg?', '{MAC}.cfg'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [43, 160, 159, 66], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
