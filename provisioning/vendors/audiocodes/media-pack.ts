/** AudioCodes MediaPack: adapters with FXS ports that take one ini file, tables included. */
import type { FileDeclaration, Model, RecognisingPattern, RequestPattern } from '../vendor.ts';

const text = 'text/plain; charset=utf-8';
const family = 'media-pack';

export const mediaPackModels: readonly Model[] = (
  [
    ['MP112', 2],
    ['MP114', 4],
    ['MP118', 8],
    ['MP124', 24],
  ] as const
).map(([id, lines]): Model => {
  const name = id.replace('MP', 'MP-');
  return {
    id,
    name,
    aliases: [`${name} FXS`, `${name} FXS/FXO`],
    family,
    lines,
    keys: { line: 0 },
    codecs: ['pcma', 'pcmu', 'g729'],
    features: ['fxs', 'snmp'],
  };
});

/** Of the automatic update by HTTP, then of SIP. */
export const mediaPackUserAgents: readonly RecognisingPattern[] = [
  /^Mozilla\/4\.0 \(compatible; AudioCodes; ?(?<model>[^;]{2,24});(?<firmware>[\w.]{3,24});(?<mac>[0-9A-Fa-f]{12});/,
  /^Audiocodes-Sip-Gateway-(?<model>MP-?\d{3}[ \w]{0,10})\/v\.?(?<firmware>[\w.]{3,24})/i,
];

export const mediaPackRequests: readonly RequestPattern[] = [
  // With the product in front where option 160 gave only a server, then without the address.
  { pattern: /^(?:M[0-9A-Z]{2,8}?)?(?<mac>[0-9a-f]{12})\.ini$/i, file: 'ini' },
  { pattern: /^M[0-9A-Z]{2,8}\.ini$/i },
  { pattern: /^(?:[^/]+\/)*MP1\d{2}[\w.-]{0,40}\.cmp$/i, isFirmware: true },
];

export const mediaPackFiles: readonly FileDeclaration[] = [
  {
    id: 'ini',
    stage: 'bootstrap',
    families: [family],
    name: '{mac}.ini',
    template: 'bootstrap.ini.tmpl',
    syntax: 'path',
    contentType: text,
    lineEnd: '\r\n',
    isSecret: false,
  },
  {
    id: 'ini',
    stage: 'secure',
    families: [family],
    name: '{mac}.ini',
    template: 'media-pack.ini.tmpl',
    syntax: 'path',
    contentType: text,
    lineEnd: '\r\n',
    isSecret: true,
    isMain: true,
  },
];

/** Words and numbers of the ini file. */
export const mediaPackMaps = {
  iniTransport: { udp: '0', tcp: '1', tls: '2' },
  coder: { pcma: 'g711Alaw64k', pcmu: 'g711Ulaw64k', g729: 'g729' },
  /** 0 none, 3 INFO as Cisco has it, 4 RTP event. */
  dtmfOption: { inband: '0', rfc4733: '4', info: '3', 'rfc4733-and-info': '4' },
  dtmfDeclared: { inband: '0', rfc4733: '3', info: '0', 'rfc4733-and-info': '3' },
  /** 0 erased, 2 left in the audio, 3 RTP event. */
  dtmfAudio: { inband: '2', rfc4733: '3', info: '0', 'rfc4733-and-info': '3' },
  mediaSecurity: { off: '0', optional: '1', required: '1' },
  mediaSecurityBehaviour: { off: '0', optional: '0', required: '1' },
  weekdayName: { 0: 'SUN', 1: 'MON', 2: 'TUE', 3: 'WED', 4: 'THU', 5: 'FRI', 6: 'SAT' },
  /** How the number of the caller is told: 0 Bellcore, 1 ETSI, 4 British. */
  callerIdType: { US: '0', IT: '1', DE: '1', FR: '1', ES: '1', PT: '1', CH: '1', AT: '1', GB: '4' },
  debugLevel: { error: '0', warning: '0', notice: '1', info: '1', debug: '5' },
  httpsOnly: { off: '1', https: '1', 'http-and-https': '0' },
} as const;
