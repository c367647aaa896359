/** Cisco multi-platform phones (3PCC) 6800, 7800, 8800 and 9800: the flat profile, grown. */
import { join } from 'node:path';
import type { Model, Vendor } from '../vendor.ts';
import { flatProfileMaps } from '../cisco-spa/cisco-spa.ts';
import { ciscoMppFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';

const xml = 'text/xml; charset=utf-8';
const modules = (count: number): Model['keys']['expansion'] => ({ modules: count, keys: 28 });

/** Model, lines, line keys, expansion modules. */
const rows: readonly (readonly [string, number, number, Model['keys']['expansion']?])[] = [
  ['6821', 2, 2],
  ['6841', 4, 4],
  ['6851', 4, 4, modules(1)],
  ['6861', 4, 4],
  ['6871', 6, 6],
  ['7811', 1, 1],
  ['7821', 2, 2],
  ['7832', 1, 0],
  ['7841', 4, 4],
  ['7861', 16, 16],
  ['8811', 10, 10],
  ['8832', 1, 0],
  ['8841', 10, 10],
  ['8845', 10, 10],
  ['8851', 10, 10, modules(2)],
  ['8861', 10, 10, modules(3)],
  ['8865', 10, 10, modules(3)],
  ['9841', 4, 4],
  ['9851', 8, 8],
  ['9861', 16, 16],
  ['9871', 16, 32],
];

export const ciscoMpp: Vendor = {
  id: 'cisco-mpp',
  name: 'Cisco MPP',
  identification: {
    // General ranges of Cisco, hundreds of them: they name no phone.
    macPrefixes: [],
    userAgents: [
      /^Cisco[-/]CP-(?<model>\d{4})-3PCC\/(?<firmware>[\d.]{3,16}\S{0,16})(?: \((?<mac>[0-9a-f]{12})\))?/i,
      /^Cisco-CP(?<model>\d{4})(?:-3PCC)?\/(?<firmware>[\d.]{3,16})/,
    ],
    vendorClasses: [/^(?:Cisco Systems, Inc\. IP Phone )?CP-(?<model>\d{4})-3PCC/],
    certificates: [{ subject: /CN=CP-(?<model>\d{4})-3PCC(?:-SEP(?<mac>[0-9A-F]{12}))?/ }],
    pnpVendors: [],
  },
  requests: [
    {
      pattern: /^Cisco\/CP-(?<model>\d{4})-3PCC\/(?<mac>[0-9a-f]{12})\.(?:cfg|xml)$/i,
      file: 'device',
    },
    { pattern: /^Cisco\/CP-\d{4}-3PCC\// },
    { pattern: /^(?:CP-)?(?<model>\d{4})-3PCC\.xml$/i, file: 'model' },
    { pattern: /^(?<mac>[0-9a-f]{12})\.xml$/i, file: 'device', isShared: true },
    { pattern: /^(?:[^/]+\/)*sip\d{2}[^/]+\.(?:loads|sbn|zz)$/i, isFirmware: true },
  ],
  models: rows.map(([id, lines, keys, expansion]): Model => ({
    id,
    name: `CP-${id}-3PCC`,
    family: 'phone',
    lines,
    keys: { line: keys, ...(expansion === undefined ? {} : { expansion }) },
    codecs: ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'ilbc'],
    features: ['poe', 'pc-port', 'conference'],
    fileName: `${id}-3PCC`,
    facts: {
      hasDhcpSwitch: false,
      hasModules: expansion !== undefined,
      hasShortDirectoryNames: false,
      hasLdapTls: true,
      hasRingInBrackets: false,
      tosWord: 'TOS',
      unitKeyEnd: '_',
    },
  })),
  genericModel: '7811',
  quirks: [],
  sharedByLines: { phone: ['voicemailNumber'] },
  maps: {
    ...flatProfileMaps,
    language: { ...flatProfileMaps.language, en: 'English-US' },
    protocol: { off: 'Https', https: 'Https', 'http-and-https': 'Http' },
    webPort: { off: '443', https: '443', 'http-and-https': '80' },
    debugLevel: {
      error: 'ERROR',
      warning: 'WARNING',
      notice: 'NOTICE',
      info: 'INFO',
      debug: 'DEBUG',
    },
    secure: { off: 'No', optional: 'Yes', required: 'Yes' },
    secureOption: { off: 'Optional', optional: 'Optional', required: 'Required' },
    codec: {
      opus: 'OPUS',
      g722: 'G722',
      pcma: 'G711a',
      pcmu: 'G711u',
      g729: 'G729a',
      ilbc: 'iLBC',
    },
    codecSwitch: {
      opus: 'OPUS',
      g722: 'G722',
      pcma: 'G711a',
      pcmu: 'G711u',
      g729: 'G729a',
      ilbc: 'iLBC',
    },
  },
  files: [
    {
      id: 'model',
      stage: 'bootstrap',
      name: '{model}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'bootstrap',
      name: '{mac}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    {
      id: 'device',
      stage: 'secure',
      name: '{mac}.xml',
      template: 'device.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [{ requests: ['{model}.xml?', '{mac}.xml'] }],
  firmware: ciscoMppFirmware,
  resync: { fetch: 'check-sync', reboot: 'reboot_now' },
  dhcp: { options: [66, 160, 159, 150], form: 'url' },
  settings: {},
  templates: new Map([
    ...readTemplates(join(import.meta.dirname, '../cisco-spa')),
    ...readTemplates(import.meta.dirname),
  ]),
};
