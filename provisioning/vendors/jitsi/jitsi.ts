/**
 * Jitsi, the soft phone: Java properties that it asks for by POST at each start, at an address that somebody entered once.
 * The MAC is that of its computer, which is nothing but its name in the list. No account of XMPP: the PBX has no server.
 */
import type { TransportMap, Vendor } from '../vendor.ts';
import { readTemplates } from '../template-folder.ts';

const transport: TransportMap = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' };

export const jitsi: Vendor = {
  id: 'jitsi',
  name: 'Jitsi',
  identification: {
    macPrefixes: [],
    userAgents: [/^(?<model>Jitsi)\/?(?<firmware>\d[\d.]{2,19})/],
    vendorClasses: [],
    certificates: [],
    pnpVendors: [],
  },
  requests: [{ pattern: /^(?<mac>[0-9a-f]{12})\.properties$/i, file: 'device', byPost: true }],
  models: [
    {
      id: 'Jitsi',
      name: 'Jitsi',
      family: 'jitsi',
      lines: 10,
      keys: { line: 0 },
      codecs: ['opus', 'g722', 'pcma', 'pcmu', 'ilbc'],
      features: ['video', 'conference'],
    },
  ],
  genericModel: 'Jitsi',
  firmware: { names: [], headers: [], canGoBack: false, update: 'reboot' },
  quirks: [],
  maps: {
    transport,
    encrypted: { off: 'false', optional: 'true', required: 'true' },
    /** 1: RTP/SAVP alone, 2: beside RTP/AVP. */
    savp: { off: '0', optional: '2', required: '1' },
    dtmf: {
      inband: 'INBAND_DTMF',
      rfc4733: 'RTP_DTMF',
      info: 'SIP_INFO_DTMF',
      'rfc4733-and-info': 'AUTO_DTMF',
    },
    codec: {
      opus: 'opus/48000',
      g722: 'G722/8000',
      pcma: 'PCMA/8000',
      pcmu: 'PCMU/8000',
      ilbc: 'iLBC/8000',
    },
    /** The larger number goes first; 0 is a codec that is not offered. */
    codecRank: { 1: '1000', 2: '900', 3: '800', 4: '700', 5: '600' },
  },
  files: [
    {
      id: 'device',
      stage: 'secure',
      name: '{mac}.properties',
      template: 'jitsi.properties.tmpl',
      syntax: 'property',
      contentType: 'text/plain; charset=iso-8859-1',
      isSecret: true,
      isMain: true,
    },
  ],
  entryFile: '{mac}.properties',
  boot: [{ requests: ['{mac}.properties'] }],
  resync: { fetch: 'check-sync', reboot: 'check-sync' },
  dhcp: { options: [], form: 'url' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
