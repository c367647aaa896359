/** AudioCodes gateways with digital trunks: Mediant and TP-260, by the ini file of MediaPack with one account. */
import type { FileDeclaration, Model, RecognisingPattern } from '../vendor.ts';

const text = 'text/plain; charset=utf-8';
const family = 'trunk-gateway';

export const trunkGatewayModels: readonly Model[] = (
  [
    ['Mediant1000', 'Mediant 1000', ['M1000', 'Mediant 1000 - MSBG']],
    ['Mediant2000', 'Mediant 2000', ['M2000']],
    ['Mediant3000', 'Mediant 3000', ['M3000']],
    ['TP260', 'TP-260', ['TrunkPack 260', 'TrunkPack 260_UN', 'TP260_UNI']],
  ] as const
).map(([id, name, aliases]) => ({
  id,
  name,
  aliases,
  family,
  kind: 'gateway',
  lines: 1,
  keys: { line: 0 },
  codecs: ['pcma', 'pcmu', 'g729'],
  features: ['snmp'],
}));

export const trunkGatewayUserAgents: readonly RecognisingPattern[] = [
  /^Audiocodes-Sip-Gateway-(?<model>Mediant \d{4}|TrunkPack 260)[ \w-]{0,12}\/v\.?(?<firmware>[\w.]{3,24})/i,
];

export const trunkGatewayFiles: readonly FileDeclaration[] = [
  {
    id: 'ini',
    stage: 'bootstrap',
    families: [family],
    name: '{mac}.ini',
    template: 'trunk-gateway-bootstrap.ini.tmpl',
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
    template: 'trunk-gateway.ini.tmpl',
    syntax: 'path',
    contentType: text,
    lineEnd: '\r\n',
    isSecret: true,
    isMain: true,
  },
];
