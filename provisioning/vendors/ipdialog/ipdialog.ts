/** ipDialog SipTone: XML by TFTP, so the administrator makes an exception for each. */
import type { Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';
import { timeZones } from './time-zones.ts';

const xml = 'text/xml; charset=utf-8';

export const ipdialog: Vendor = {
  id: 'ipdialog',
  name: 'ipDialog',
  identification: {
    macPrefixes: ['00041C'],
    userAgents: [],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^(?:SipTone\/config\/)?ipdSIP(?<mac>[0-9A-F]{12})\.xml$/i, file: 'device' },
    { pattern: /^(?:SipTone\/)?st\dimage\.bin$/i },
  ],
  models: [
    {
      id: 'SipTone-V',
      name: 'ipDialog SipTone V',
      aliases: ['SipTone', 'SipTone II', 'ipDialog'],
      family: 'phone',
      lines: 2,
      keys: { line: 0 },
      codecs: ['pcmu', 'pcma'],
      features: ['unencrypted-only'],
    },
  ],
  genericModel: 'SipTone-V',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  sharedByLines: { phone: ['transport', 'outboundProxy'] },
  transports: { phone: ['udp'] },
  maps: { timeZones },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      name: 'SipTone/config/ipdSIP{MAC}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: 'SipTone/config/ipdSIP{MAC}.xml',
      template: 'device.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['SipTone/config/ipdSIP{MAC}.xml'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
