/** Snom M-series DECT bases (RTX platform): the same envelope as the desk phones, other settings. */
import type { Model, Vendor } from '../vendor.ts';
import { snomLanguages, snomTones } from '../snom/snom.ts';
import { snomTimeZones } from '../snom/time-zones.ts';
import { snomMFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';

const xml = 'text/xml; charset=utf-8';

/** Model, handsets and calls of one base alone, calls in a system; bases and handsets of a system. */
const models: readonly Model[] = (
  [
    ['M110', 6, 4, 4, 1, 6],
    ['M300', 20, 10, 8, 1, 20],
    ['M400', 20, 10, 8, 2, 20],
    ['M700', 30, 10, 8, 254, 1000],
    ['M900', 50, 10, 8, 4000, 16_000],
  ] as const
).map(([id, handsets, calls, callsInSystem, bases, systemHandsets]) => ({
  id,
  name: `Snom ${id}`,
  aliases: [`snom${id}`],
  family: 'base',
  lines: handsets,
  handsets,
  dect: { calls, callsInSystem, bases, systemHandsets, opensBy: 'file', removesBy: 'file' },
  keys: { line: 0 },
  codecs: ['g722', 'pcma', 'pcmu', 'g729'],
  features: ['poe', 'dect'],
}));

export const snomM: Vendor = {
  id: 'snom-m',
  name: 'Snom DECT',
  identification: {
    macPrefixes: ['000413', '00087B'],
    userAgents: [
      /\(compatible; Snom (?<model>M\d{3}) (?<firmware>[\d.]{3,20}) (?<mac>[0-9A-Fa-f]{12})\)/i,
      /^snom(?<model>M\d{3})\/(?<firmware>[\d.]{3,20})(?: \(MAC=(?<mac>[0-9A-Fa-f]{12});)?/i,
    ],
    vendorClasses: [/^snom(?<model>M\d{3})/i],
    certificates: [],
    pnpVendors: ['snom'],
  },
  requests: [
    { pattern: /^(?:dect\/)?snom-?M\d{3}-firmware\.(?:htm|xml)$/i, file: 'firmware' },
    {
      pattern: /^(?:dect\/)?snom-?(?<model>M\d{3})-(?<mac>[0-9A-F]{12})\.(?:htm|xml)$/i,
      file: 'device',
    },
    { pattern: /^(?:dect\/)?snom-?(?<model>M\d{3})\.(?:htm|xml)$/i, file: 'model' },
    { pattern: /^(?<mac>[0-9A-F]{12})\.xml$/i, file: 'device', isShared: true },
    { pattern: /^(?:[^/]+\/)*[^/]+\.fwu$/i, isFirmware: true, isShared: true },
  ],
  models,
  handsetModels: ['M10', 'M15', 'M25', 'M30', 'M55', 'M65', 'M70', 'M80', 'M85', 'M90'],
  genericModel: 'M300',
  quirks: [],
  maps: {
    timezone: snomTimeZones,
    /** Their names of languages are not all those of the desk phones. */
    language: {
      ...snomLanguages,
      fr: 'Francais',
      nl: 'Dutch',
      ru: 'Russian',
      tr: 'Türkce',
    },
    tones: snomTones,
    srtp: { off: 'off', optional: 'on', required: 'on' },
    rtpEncryption: { off: 'disabled', optional: 'enabled', required: 'enabled' },
    dtmf: { rfc4733: 'off', inband: 'off', info: 'sip_info_only', 'rfc4733-and-info': 'on' },
    codec: { g722: 'g722', pcma: 'pcma', pcmu: 'pcmu', g729: 'g729' },
  },
  files: [
    {
      id: 'model',
      stage: 'bootstrap',
      name: 'snom{model}.htm',
      template: 'bootstrap.htm.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      name: 'snom{model}-{MAC}.htm',
      template: 'bootstrap.htm.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: 'snom{model}-{MAC}.htm',
      template: 'base.htm.tmpl',
      syntax: 'snom',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'firmware',
      stage: 'secure',
      name: 'snom{model}-firmware.htm',
      template: 'firmware.htm.tmpl',
      syntax: 'document',
      contentType: xml,
      isSecret: false,
    },
  ],
  boot: [{ requests: ['snom{model}.htm?', 'snom{model}-{MAC}.htm'] }],
  firmware: snomMFirmware,
  resync: { fetch: 'check-sync;reboot=false', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [43, 66, 67], form: 'url-and-path' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
