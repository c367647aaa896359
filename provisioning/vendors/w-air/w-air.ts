/**
 * Wildix W-AIR DECT bases. They are made by RTX, as Snom's M bases are, and get the same settings in a
 * file of another name. Nobody describes their files in public: no base has confirmed them yet.
 */
import type { Model, Vendor } from '../vendor.ts';
import { snomM } from '../snom-m/snom-m.ts';
import { readTemplates } from '../template-folder.ts';
import { wAirFirmware } from './firmware.ts';

const xml = 'text/xml; charset=utf-8';

/** Model; bases and handsets of a system that synchronises by air, or by the network. */
const models: readonly Model[] = (
  [
    ['W-AIR Base', 250, 1000],
    ['W-AIR Base Outdoor', 250, 1000],
    ['W-AIR Base Sync Plus', 4000, 16_000],
    ['W-AIR Base Sync Plus Outdoor', 4000, 16_000],
  ] as const
).map(([id, bases, systemHandsets]) => ({
  id,
  name: id,
  family: 'base',
  lines: 30,
  handsets: 30,
  dect: {
    calls: 10,
    callsInSystem: 8,
    bases,
    systemHandsets,
    opensBy: 'file',
    removesBy: 'file',
  },
  keys: { line: 0 },
  codecs: ['g722', 'pcma', 'pcmu', 'g729'],
  features: ['poe', 'dect'],
}));

export const wAir: Vendor = {
  id: 'w-air',
  name: 'Wildix W-AIR',
  identification: {
    // That of RTX; Wildix's own prefix is that of the phones and gateways.
    macPrefixes: ['00087B'],
    userAgents: [
      /^(?:Wildix[ /])?(?<model>W-?AIR(?:[ _-](?:Base|Sync|Plus|Outdoor)){1,4})[ /]v?(?<firmware>\d[\dB._]{2,19})(?:[ /(]{1,2}(?<mac>[0-9A-F]{12}))?/i,
    ],
    vendorClasses: [/^(?:Wildix[ -])?(?<model>W-?AIR(?:[ _-](?:Base|Sync|Plus|Outdoor)){1,4})/i],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    {
      pattern: /^(?<mac>[0-9A-F]{12}|(?:00087b|9c7514)[0-9a-f]{6})\.(?:cfg|xml)$/,
      file: 'device',
      isShared: true,
    },
    { pattern: /^(?:[^/]+\/)*[^/]+\.fwu$/i, isFirmware: true, isShared: true },
  ],
  models,
  handsetModels: [
    'W-AIR Basic2',
    'W-AIR Office',
    'W-AIR Med',
    'W-AIR LifeSaver',
    'W-AIR LifeSaver-EX',
    'W-AIR Headset',
  ],
  genericModel: 'W-AIR Base',
  quirks: [],
  maps: snomM.maps,
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      name: '{MAC}.cfg',
      template: 'w-air.cfg.tmpl',
      syntax: 'snom',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: '{MAC}.cfg',
      template: 'base.htm.tmpl',
      syntax: 'snom',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['{MAC}.cfg'] }],
  firmware: wAirFirmware,
  resync: snomM.resync,
  dhcp: { options: [66, 43], form: 'url' },
  settings: {},
  templates: new Map([...snomM.templates, ...readTemplates(import.meta.dirname)]),
};
