/** ClearOne MAX IP, a conference phone: XML by TFTP, so the administrator makes an exception for each. */
import type { Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';

export const clearone: Vendor = {
  id: 'clearone',
  name: 'ClearOne',
  identification: {
    macPrefixes: ['009079'],
    userAgents: [],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^C1MAXIP_(?<mac>[0-9A-F]{12})\.txt$/i, file: 'device' },
    { pattern: /^c1dialplan_(?<mac>[0-9A-F]{12})\.txt$/i, file: 'plan' },
  ],
  models: [
    {
      id: 'MAX-IP',
      name: 'ClearOne MAX IP',
      aliases: ['MaxIP'],
      family: 'phone',
      lines: 1,
      keys: { line: 0 },
      codecs: ['pcmu', 'pcma', 'g729', 'g723'],
      features: ['conference', 'unencrypted-only'],
    },
  ],
  genericModel: 'MAX-IP',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  transports: { phone: ['udp'] },
  maps: {
    priority: {
      pcmu: 'g711ulaw_priority',
      pcma: 'g711Alaw_priority',
      g729: 'g729ab_priority',
      g723: 'g7231_63_priority',
    },
    dtmf: { inband: '0', rfc4733: '1', 'rfc4733-and-info': '1' },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      name: 'C1MAXIP_{MAC}.txt',
      template: 'bootstrap.txt.tmpl',
      syntax: 'element',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: 'C1MAXIP_{MAC}.txt',
      template: 'device.txt.tmpl',
      syntax: 'element',
      contentType: text,
      isSecret: true,
      isMain: true,
    },
    {
      id: 'plan',
      stage: 'secure',
      name: 'c1dialplan_{MAC}.txt',
      template: 'dial-plan.txt.tmpl',
      syntax: 'document',
      contentType: text,
      isSecret: false,
    },
  ],
  boot: [{ requests: ['C1MAXIP_{MAC}.txt', 'c1dialplan_{MAC}.txt?'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
