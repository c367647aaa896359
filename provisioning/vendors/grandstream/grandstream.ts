/**
 * Grandstream GXP and GRP phones, DP75x DECT bases, HT8xx and GXW40xx/42xx telephone adapters; BudgeTone,
 * HandyTone and the first GXP, which take their parameters in binary form only.
 */
import type { ValueMap } from '../../template/filter.ts';
import type { KeyKindMap, TransportMap, Vendor } from '../vendor.ts';
import { grandstreamFirmware } from './firmware.ts';
import { readTemplates } from '../template-folder.ts';
import { grandstreamModels } from './models.ts';

/** Modes of multi-purpose keys; line keys count 10 more, with 0 line and 1 shared line before them. */
const keyModes: Readonly<Record<string, readonly [name: string, number: number]>> = {
  none: ['None', -1],
  speedDial: ['SpeedDial', 0],
  blf: ['BLF', 1],
  dtmf: ['DialDTMF', 5],
  voicemail: ['VoiceMail', 6],
  callReturn: ['CallReturn', 7],
  transfer: ['Transfer', 8],
  intercom: ['Intercom', 10],
  ldap: ['LDAPSearch', 11],
  conference: ['Conference', 12],
  paging: ['MulticastPaging', 13],
  record: ['Record', 14],
  history: ['CallLog', 15],
  park: ['MonitoredCallPark', 16],
  xmlBrowser: ['XMLApplication', 18],
  forward: ['Forward', 21],
  dnd: ['DND', 22],
  redial: ['Redial', 23],
  directory: ['Phonebook', 30],
};
const keyName: KeyKindMap = {
  ...Object.fromEntries(Object.entries(keyModes).map(([kind, [name]]) => [kind, name])),
  line: 'Line',
  sharedLine: 'SharedLine',
};
const keyMode: KeyKindMap = {
  ...Object.fromEntries(
    Object.entries(keyModes).map(([kind, [, number]]) => [kind, String(number)]),
  ),
  line: '31',
  sharedLine: '32',
};
const lineKeyMode: KeyKindMap = {
  ...Object.fromEntries(
    Object.entries(keyModes).map(([kind, [, number]]) => [
      kind,
      String(number < 0 ? number : number + 10),
    ]),
  ),
  line: '0',
  sharedLine: '1',
};
/** Parameters of the ports of an adapter, first port first; the blocks of the large ones lie apart. */
function portParameters(...blocks: readonly (readonly [first: number, count: number])[]): ValueMap {
  const numbers = blocks.flatMap(([first, count]) =>
    Array.from({ length: count }, (_, index) => first + index),
  );
  return Object.fromEntries(numbers.map((number, index) => [index + 1, `P${number}`]));
}
/** First generation: what a key does that is no line key. */
const binaryKeyMode: KeyKindMap = {
  speedDial: '0',
  blf: '1',
  park: '1',
  voicemail: '0',
  groupPickup: '0',
  login: '0',
};
const transport: TransportMap = { udp: '0', tcp: '1', tls: '2' };
const xml = 'text/xml; charset=utf-8';
const binary = 'application/octet-stream';

export const grandstream: Vendor = {
  id: 'grandstream',
  name: 'Grandstream',
  identification: {
    macPrefixes: ['000B82', 'C074AD', 'EC74D7', '144CFF'],
    userAgents: [
      /^Grandstream Model HW (?<model>\S{2,16})(?:\s{1,3}V[\w.]{1,8})? SW (?<firmware>[\d.]{3,20}) DevId (?<mac>[0-9a-f]{12})/i,
      /^Grandstream (?<model>(?:BT|GXP|GXV)\d{3,4}) \([^():]{0,40}:(?<firmware>[\d.]{3,20})[^()]{0,80}\)(?: DevId (?<mac>[0-9a-f]{12}))?/i,
      /^Grandstream (?<model>[A-Z]{2,3}-?\d{3,4}(?:V\d|[A-Z]{0,2}))(?:\s{1,2}V\d[\w.]{1,6})?\s{1,2}(?<firmware>\d[\d.]{2,20})/,
    ],
    vendorClasses: [/^Grandstream(?: (?<model>\S{2,16}))?/i],
    certificates: [
      { subject: /(?:^|,)\s*CN=(?<mac>[0-9a-f]{12})(?:,|$)/i, issuer: /Grandstream/i },
    ],
    pnpVendors: ['grandstream'],
  },
  requests: [
    // The binary form comes first in every boot; only devices that know no XML have it.
    { pattern: /^cfg(?<mac>[0-9a-f]{12})$/i, file: 'binary', isShared: true },
    { pattern: /^cfg(?<mac>[0-9a-f]{12})\.bin$/i, isShared: true },
    { pattern: /^cfg(?<mac>[0-9a-f]{12})\.xml$/i, file: 'device', isShared: true },
    { pattern: /^cfg(?<model>(?:gxp|grp|gxv|ht|dp|gxw|wp|gac|gds|gsc|ghp)[0-9a-z]{0,8})\.xml$/i },
    { pattern: /^cfg\.xml$/i },
    { pattern: /^(?:gs_)?phonebook\.xml$/i },
    {
      pattern: /^(?:[^/]+\/)*(?:bt|boot|gxp|grp|gxv|ht|dp|gxw|wp)\w{1,12}(?:fw|boot)?\.bin$/i,
      isFirmware: true,
    },
  ],
  models: grandstreamModels,
  handsetModels: ['DP720', 'DP722', 'DP730'],
  genericModel: 'generic',
  quirks: [],
  sharedByLines: {
    dp: ['server', 'transport', 'outboundProxy', 'voicemailNumber'],
    ht80x: ['voicemailNumber'],
    'binary-adapter': ['voicemailNumber'],
    ht81x: ['server', 'transport', 'outboundProxy', 'voicemailNumber'],
    gxw: ['server', 'transport', 'outboundProxy', 'voicemailNumber'],
  },
  transports: { 'binary-phone': ['udp', 'tcp'], 'binary-adapter': ['udp'] },
  maps: {
    keyName,
    keyMode,
    lineKeyMode,
    /** Parameters of account N are P<X>01, P<X>02 …; account 1 has numbers of its own. */
    account: { 2: '4', 3: '5', 4: '6', 5: '17', 6: '18' },
    accountFeature: { 2: '24', 3: '25', 4: '26', 5: '27', 6: '28' },
    portUser: portParameters([4060, 30], [4240, 2], [21_000, 16]),
    portAuth: portParameters([4090, 30], [4242, 2], [21_064, 16]),
    portPassword: portParameters([4120, 30], [4244, 2], [21_128, 16]),
    portName: portParameters([4180, 20], [4252, 12], [21_192, 16]),
    portProfile: portParameters([4150, 30], [4246, 2], [21_256, 16]),
    portHotline: portParameters([4210, 24], [4800, 8], [21_448, 16]),
    portEnable: portParameters([4595, 32], [21_384, 16]),
    binaryKeyMode,
    binaryTransport: { udp: '1', tcp: '2' },
    /** Bits: 1 RTP event, 2 SIP INFO, 8 in audio. */
    binaryDtmf: { inband: '8', rfc4733: '1', info: '2', 'rfc4733-and-info': '3' },
    adapterDtmf: { inband: '0', rfc4733: '1', info: '2', 'rfc4733-and-info': '1' },
    binaryPhonebook: { http: '1', https: '0' },
    /** The tones beside the system's own; 4 is silence and 5 what the account has. */
    ringtone: {
      ...{ 1: '1', 2: '2', 3: '3', 4: '6', 5: '7' },
      ...{ 6: '8', 7: '9', 8: '10', 9: '11', 10: '12' },
    },
    /** Which weekday of the month; the last is counted from the end. */
    ruleWeek: { 1: '1', 2: '2', 3: '3', 4: '4', 5: '-1' },
    /** Line impedance: 0 North America, 4 Europe (CTR21). */
    binaryImpedance: {
      ...Object.fromEntries(
        ['IT', 'DE', 'FR', 'ES', 'PT', 'GB', 'NL', 'BE', 'CH', 'AT', 'PL', 'RU', 'TR'].map(
          (country) => [country, '4'],
        ),
      ),
      US: '0',
    },
    transport,
    transportName: { udp: 'UDP', tcp: 'TCP', tls: 'Tls Or Tcp' },
    protocol: { tftp: '0', http: '1', https: '2' },
    srtp: { off: '0', optional: '1', required: '2' },
    srtpName: { off: 'Disabled', optional: 'EnabledButNotForced', required: 'EnabledAndForced' },
    dtmfAudio: { inband: '1', rfc4733: '0', info: '0', 'rfc4733-and-info': '0' },
    dtmfRtp: { inband: '0', rfc4733: '1', info: '0', 'rfc4733-and-info': '1' },
    dtmfSip: { inband: '0', rfc4733: '0', info: '1', 'rfc4733-and-info': '1' },
    dtmfFirst: { inband: '100', rfc4733: '101', info: '102', 'rfc4733-and-info': '101' },
    dtmfSecond: { inband: '101', rfc4733: '102', info: '101', 'rfc4733-and-info': '102' },
    dtmfThird: { inband: '102', rfc4733: '100', info: '100', 'rfc4733-and-info': '100' },
    yesNo: { 0: 'No', 1: 'Yes' },
    /** DP75x: the first line of each handset. */
    handsetLine: { 1: 'P4300', 2: 'P4310', 3: 'P4320', 4: 'P4250', 5: 'P21328' },
    codecNumber: {
      opus: '123',
      g722: '9',
      pcma: '8',
      pcmu: '0',
      g729: '18',
      ilbc: '98',
      'g726-32': '2',
      g723: '4',
    },
    /** The same of GXP17xx. */
    gxp17Codec: {
      opus: '125',
      g722: '9',
      pcma: '8',
      pcmu: '0',
      g729: '18',
      ilbc: '98',
      'g726-32': '2',
      g723: '4',
    },
    /** Adapters take iLBC by its payload type. */
    adapterCodec: {
      opus: '123',
      g722: '9',
      pcma: '8',
      pcmu: '0',
      g729: '18',
      ilbc: '97',
      'g726-32': '2',
      g723: '4',
    },
    codecName: {
      opus: 'OPUS',
      g722: 'G.722',
      pcma: 'PCMA',
      pcmu: 'PCMU',
      g729: 'G.729A/B',
      ilbc: 'iLBC',
      'g726-32': 'G.726-32',
      g723: 'G.723.1',
    },
    webAccess: { off: '2', https: '0', 'http-and-https': '3' },
    /** They cannot do without, nor both at once. */
    adapterWebAccess: { off: '0', https: '0', 'http-and-https': '1' },
    webAccessName: { off: 'Disabled', https: 'HTTPS', 'http-and-https': 'Both' },
    syslogLevel: { error: '4', warning: '3', notice: '2', info: '2', debug: '1' },
    syslogName: {
      error: 'Error',
      warning: 'Warning',
      notice: 'Info',
      info: 'Info',
      debug: 'Debug',
    },
    dateFormat: { ymd: '0', mdy: '1', dmy: '2' },
    dateName: { ymd: 'yyyy-mm-dd', mdy: 'mm-dd-yyyy', dmy: 'dd-mm-yyyy' },
    ldapProtocol: { none: '0', ldaps: '1' },
    ldapName: { none: 'LDAP', ldaps: 'LDAPS' },
    phonebookMode: { http: '1', https: '3' },
    phonebookName: { http: 'EnabledUseHTTP', https: 'EnabledUseHTTPS' },
    /** Line impedance: 0 USA, 4 Europe (CTR21), 9 Germany, 10 United Kingdom. */
    slic: {
      ...Object.fromEntries(
        ['IT', 'FR', 'ES', 'PT', 'NL', 'BE', 'CH', 'AT', 'PL', 'RU', 'TR'].map((country) => [
          country,
          '4',
        ]),
      ),
      US: '0',
      DE: '9',
      GB: '10',
    },
    /** The same of the gateways, which count countries instead. */
    gatewaySlic: {
      US: '0',
      AT: '1',
      BE: '2',
      FR: '4',
      DE: '5',
      IT: '7',
      ES: '10',
      GB: '12',
    },
    action: {
      setup: 'P8304',
      registered: 'P8305',
      unregistered: 'P8306',
      offHook: 'P8308',
      onHook: 'P8309',
      incoming: 'P8310',
      outgoing: 'P8311',
      missed: 'P8312',
      established: 'P8313',
      terminated: 'P8314',
      dndOn: 'P8316',
      dndOff: 'P8317',
      forwardOn: 'P8318',
      forwardOff: 'P8319',
      blindTransfer: 'P8320',
      attendedTransfer: 'P8321',
      hold: 'P8324',
      unhold: 'P8325',
      mute: 'P8326',
      unmute: 'P8327',
    },
    actionName: {
      setup: 'setupCompleted',
      registered: 'registered',
      unregistered: 'unregistered',
      offHook: 'offHook',
      onHook: 'onHook',
      incoming: 'incomingCall',
      outgoing: 'outgoingCall',
      missed: 'missedCall',
      established: 'establishedCall',
      terminated: 'terminatedCall',
      dndOn: 'openDnd',
      dndOff: 'closedDnd',
      forwardOn: 'openForward',
      forwardOff: 'closedForward',
      blindTransfer: 'blindTransfer',
      attendedTransfer: 'attendedTransfer',
      hold: 'holdCall',
      unhold: 'unholdCall',
    },
  },
  files: [
    {
      id: 'device',
      stage: 'bootstrap',
      families: ['gxp', 'grp', 'dp', 'ht80x', 'ht81x', 'gxw'],
      name: 'cfg{mac}.xml',
      template: 'bootstrap.xml.tmpl',
      syntax: 'element',
      contentType: xml,
      isSecret: false,
    },
    ...(
      [
        ['gxp', 'gxp.xml.tmpl', 'element'],
        ['grp', 'grp.xml.tmpl', 'item'],
        ['dp', 'dp.xml.tmpl', 'element'],
        ['ht80x', 'ht80x.xml.tmpl', 'element'],
        ['ht81x', 'ht81x.xml.tmpl', 'element'],
        ['gxw', 'ht81x.xml.tmpl', 'element'],
      ] as const
    ).map(([family, template, syntax]) => ({
      id: 'device',
      stage: 'secure' as const,
      families: [family],
      name: 'cfg{mac}.xml',
      template,
      syntax,
      contentType: xml,
      isSecret: true,
      isMain: true as const,
    })),
    {
      id: 'binary',
      stage: 'bootstrap',
      families: ['binary-phone', 'binary-adapter'],
      name: 'cfg{mac}',
      template: 'bootstrap.p-values.tmpl',
      syntax: 'path',
      contentType: binary,
      encoding: 'p-values',
      isSecret: false,
    },
    ...(['binary-phone', 'binary-adapter'] as const).map((family) => ({
      id: 'binary',
      stage: 'secure' as const,
      families: [family],
      name: 'cfg{mac}',
      template: `${family}.p-values.tmpl`,
      syntax: 'path' as const,
      contentType: binary,
      encoding: 'p-values' as const,
      isSecret: true,
      isMain: true as const,
    })),
  ],
  boot: [
    {
      families: ['gxp', 'grp', 'dp', 'ht80x', 'ht81x', 'gxw'],
      requests: ['cfg{mac}?', 'cfg{mac}.xml', 'cfg{model}.xml?', 'cfg.xml?'],
    },
    { families: ['binary-phone', 'binary-adapter'], requests: ['cfg{mac}'] },
  ],
  firmware: grandstreamFirmware,
  resync: { fetch: 'check-sync', reboot: 'check-sync;reboot=true' },
  dhcp: { options: [43, 66], form: 'host' },
  settings: {},
  templates: readTemplates(import.meta.dirname),
};
