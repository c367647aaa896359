/** ipDialog SipTone: XML by TFTP, so the administrator makes an exception for each. */
import type { ValueMap } from '../../template/filter.ts';
import type { Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const xml = 'text/xml; charset=utf-8';

/** By the offset from UTC in minutes: the whole words that the phone knows. */
const timeZones: ValueMap = {
  '-720': '-12:00 Date Line',
  '-660': '-11:00 Nome',
  '-600': '-10:00 Hawaii',
  '-540': '-09:00 Alaska',
  '-480': '-08:00 Pacific',
  '-420': '-07:00 Mountain',
  '-360': '-06:00 Central',
  '-300': '-05:00 Eastern',
  '-240': '-04:00 Atlantic',
  '-210': '-03:30 NewFoundland',
  '-180': '-03:00 Brasilia',
  '-120': '-02:00 Mid-Atlantic',
  '-60': '-01:00 Azores',
  '0': '+00:00 GMT London',
  '60': '+01:00 Amsterdam',
  '120': '+02:00 Athens',
  '180': '+03:00 Moscow',
  '210': '+03:30 Tehran, Iran',
  '240': '+04:00 Abu Dhabi',
  '270': '+04:30 Afghanistan',
  '300': '+05:00 Pakistan',
  '330': '+05:30 India',
  '360': '+06:00 Astana',
  '420': '+07:00 Bangkok',
  '480': '+08:00 Beijing',
  '540': '+09:00 Seoul',
  '570': '+09:30 Darwin',
  '600': '+10:00 Guam',
  '660': '+11:00 Solomon Is',
  '720': '+12:00 New Zealand',
};

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
