/**
 * Bria, the soft phone of CounterPath, on a computer: settings that it asks for by POST at each login, at an address that
 * somebody entered once. The name and password that it asks for besides say nothing here: the address is the secret one of
 * the device. The MAC is that of its computer, which is nothing but its name in the list. No account of XMPP: the PBX has
 * no server.
 */
import type { Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

export const bria: Vendor = {
  id: 'bria',
  name: 'Bria',
  identification: {
    macPrefixes: [],
    userAgents: [/^(?<model>Bria)(?: [\w.]{1,12}){0,2} release (?<firmware>\d[\d.]{2,19})/],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [{ pattern: /^bria-(?<mac>[0-9a-f]{12})\.ini$/i, file: 'device', byPost: true }],
  models: [
    {
      id: 'Bria',
      name: 'Bria',
      family: 'bria',
      lines: 10,
      keys: { line: 0 },
      codecs: ['g722', 'pcma', 'pcmu', 'g729', 'ilbc'],
      features: ['video', 'conference'],
    },
  ],
  genericModel: 'Bria',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  maps: {
    telephoneEvent: { inband: 'false', rfc4733: 'true', info: 'false', 'rfc4733-and-info': 'true' },
    inBand: { inband: 'true', rfc4733: 'false', info: 'false', 'rfc4733-and-info': 'false' },
    codec: { g722: 'g722', pcma: 'g711a', pcmu: 'g711u', g729: 'g729', ilbc: 'ilbc' },
  },
  files: [
    {
      id: 'device',
      stage: 'secure',
      name: 'bria-{mac}.ini',
      template: 'bria.ini.tmpl',
      syntax: 'marked',
      contentType: 'text/plain; charset=utf-8',
      isSecret: true,
      isMain: true,
    },
  ],
  entryFile: 'bria-{mac}.ini',
  boot: [{ requests: ['bria-{mac}.ini'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
