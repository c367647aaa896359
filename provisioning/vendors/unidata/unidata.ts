/**
 * Handsets for WLAN of UniData: WPU-7700, and Hitachi Wireless IP3000, IP5000 and IP5000A of the same
 * make. Text files in sections, by TFTP: the administrator makes an exception for each.
 */
import type { FileDeclaration, Model, Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const text = 'text/plain; charset=utf-8';

function createModel(id: string, family: string, aliases: readonly string[]): Model {
  return {
    id,
    name: family === 'hitachi' ? `Hitachi Wireless ${id}` : `UniData ${id}`,
    aliases,
    family,
    lines: 1,
    keys: { line: 0 },
    codecs: ['pcma', 'pcmu', 'g729'],
    features: ['wifi', 'unencrypted-only'],
  };
}

/** Before its name stand the last six digits of the MAC at Hitachi's, and in it all of it at UniData's. */
const device: Pick<FileDeclaration, 'id' | 'syntax' | 'contentType'> = {
  id: 'device',
  syntax: 'path',
  contentType: text,
};

export const unidata: Vendor = {
  id: 'unidata',
  name: 'UniData and Hitachi WLAN',
  identification: {
    macPrefixes: ['00032A'],
    userAgents: [],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [
    { pattern: /^e1_(?<mac>[0-9A-F]{12})\.ini$/i, file: 'device' },
    { pattern: /^(?:[0-9A-F]{6})?user\.ini$/i, file: 'device' },
    { pattern: /^loadrun\.ini$/i, file: 'list' },
    { pattern: /^(?:ipphone|g729a)\.bz$/i },
  ],
  models: [
    createModel('WPU-7700', 'unidata', ['WPU7700']),
    createModel('IP3000', 'hitachi', ['Hitachi IP3000']),
    createModel('IP5000', 'hitachi', ['Hitachi IP5000']),
    createModel('IP5000A', 'hitachi', ['Hitachi IP5000A']),
  ],
  genericModel: 'WPU-7700',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  transports: { unidata: ['udp'], hitachi: ['udp'] },
  maps: {
    /** Types of payload in RTP. */
    codec: { pcma: '8', pcmu: '0', g729: '18' },
    frames: { pcma: '2', pcmu: '2', g729: '2' },
  },
  files: [
    {
      id: 'list',
      stage: 'bootstrap',
      families: ['hitachi'],
      name: 'loadrun.ini',
      template: 'loadrun.ini.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: false,
    },
    {
      id: 'list',
      stage: 'secure',
      families: ['hitachi'],
      name: 'loadrun.ini',
      template: 'loadrun.ini.tmpl',
      syntax: 'path',
      contentType: text,
      isSecret: false,
    },
    {
      ...device,
      stage: 'bootstrap',
      families: ['hitachi'],
      name: 'user.ini',
      template: 'bootstrap.ini.tmpl',
      isSecret: false,
    },
    {
      ...device,
      stage: 'secure',
      families: ['hitachi'],
      name: 'user.ini',
      template: 'hitachi.ini.tmpl',
      isSecret: true,
      isMain: true,
    },
    {
      ...device,
      stage: 'bootstrap',
      families: ['unidata'],
      name: 'e1_{mac}.ini',
      template: 'bootstrap.ini.tmpl',
      isSecret: false,
    },
    {
      ...device,
      stage: 'secure',
      families: ['unidata'],
      name: 'e1_{mac}.ini',
      template: 'unidata.ini.tmpl',
      isSecret: true,
      isMain: true,
    },
  ],
  boot: [
    { families: ['hitachi'], requests: ['loadrun.ini', 'user.ini'] },
    { families: ['unidata'], requests: ['e1_{mac}.ini'] },
  ],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
