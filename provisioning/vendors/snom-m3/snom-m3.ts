/** Snom M3: a DECT base of another make than those after it, with lines `%NAME%:value`. */
import type { Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';

export const snomM3: Vendor = {
  id: 'snom-m3',
  name: 'Snom M3',
  identification: {
    // Others have 000413, too, which is also that of every later Snom.
    macPrefixes: ['00087B'],
    userAgents: [/^snom-(?<model>m3)-SIP\/(?<firmware>[\d.]{3,20})/i],
    vendorClasses: [/^snom-(?<model>m3)-SIP\/(?<firmware>[\d.]{3,20})/i, /^snom(?<model>m3)$/i],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^(?<mac>(?:000413|00087b)[0-9a-f]{6})\.cfg$/i, file: 'device', isShared: true },
  ],
  models: [
    {
      id: 'M3',
      name: 'M3',
      family: 'base',
      lines: 8,
      keys: { line: 0 },
      codecs: ['pcma', 'pcmu'],
      features: ['dect', 'unencrypted-only'],
    },
  ],
  genericModel: 'M3',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  sharedByLines: {
    base: ['transport'],
  },
  transports: { base: ['udp'] },
  maps: {
    dtmf: { rfc4733: '2', 'rfc4733-and-info': '2' },
    /** By the offset from UTC in minutes; what the other numbers mean nobody says in public. */
    timeZone: { 0: '15', 60: '16' },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      name: '{mac}.cfg',
      template: 'bootstrap.cfg.tmpl',
      syntax: 'percent',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: '{mac}.cfg',
      template: 'device.cfg.tmpl',
      syntax: 'percent',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['{mac}.cfg'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
