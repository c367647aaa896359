/** isphone, a soft phone of iscoord: XML by TFTP or HTTP, so the administrator makes an exception for each. */
import type { Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const xml = 'text/xml; charset=utf-8';

export const isphone: Vendor = {
  id: 'isphone',
  name: 'isphone',
  identification: {
    macPrefixes: [],
    userAgents: [],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [{ pattern: /^(?<mac>[0-9A-F]{12})\.xml$/, file: 'device', isShared: true }],
  models: [
    {
      id: 'isphone',
      name: 'isphone',
      family: 'phone',
      lines: 1,
      keys: { line: 0 },
      codecs: [],
      features: ['unencrypted-only'],
    },
  ],
  genericModel: 'isphone',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  transports: { phone: ['udp'] },
  maps: {},
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      name: '{MAC}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: '{MAC}.xml',
      template: 'device.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['{MAC}.xml'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
