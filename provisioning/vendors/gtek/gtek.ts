/**
 * G-Tek HL20x and VT20x, which read text in sections, and AQ10x, which reads another one. Both come by
 * TFTP: the administrator makes an exception for each.
 */
import type { Model, Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';

/** Model, accounts. */
const models: readonly Model[] = (
  [
    ['HL20x', 2, 'phone', ['HL200', 'HL201', 'HL202']],
    ['VT20x', 4, 'phone', ['VT200', 'VT201', 'VT202']],
    ['AQ10x', 1, 'aquifer', ['AQ100', 'AQ101', 'AQ102']],
  ] as const
).map(([id, lines, family, aliases]) => ({
  id,
  name: `G-Tek ${id}`,
  aliases,
  family,
  lines,
  keys: { line: 0 },
  codecs: ['pcma', 'pcmu', 'g729', 'g723'],
  features: ['unencrypted-only'],
}));

export const gtek: Vendor = {
  id: 'gtek',
  name: 'G-Tek',
  identification: {
    macPrefixes: ['000E43'],
    userAgents: [],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^(?<mac>[0-9a-f]{12})\.cfg$/, file: 'device', isShared: true },
    { pattern: /^(?<mac>[0-9a-f]{12})\.dat$/, file: 'device' },
  ],
  models,
  genericModel: 'HL20x',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  sharedByLines: { phone: ['transport'] },
  transports: { phone: ['udp'], aquifer: ['udp'] },
  maps: {
    codec: { pcma: 'G711A', pcmu: 'G711U', g729: 'G729', g723: 'G723' },
    dtmf: { rfc4733: 'RFC2833', 'rfc4733-and-info': 'RFC2833' },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['phone'],
      name: '{mac}.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['phone'],
      name: '{mac}.cfg',
      template: 'device.cfg.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['aquifer'],
      name: '{mac}.dat',
      template: 'bootstrap.dat.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      families: ['aquifer'],
      name: '{mac}.dat',
      template: 'device.dat.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [
    { families: ['phone'], requests: ['{mac}.cfg'] },
    { families: ['aquifer'], requests: ['{mac}.dat'] },
  ],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
