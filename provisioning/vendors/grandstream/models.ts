/** Grandstream models: accounts, line keys (virtual keys of GRP), multi-purpose keys, modules. */
import type { Codec, Model } from '../vendor.ts';

const codecs: readonly Codec[] = [
  'opus',
  'g722',
  'pcma',
  'pcmu',
  'g729',
  'ilbc',
  'g726-32',
  'g723',
];
const modules = { modules: 4, keys: 40 };
const binaryCodecs = codecs.filter((codec) => codec !== 'opus');

/** Model, accounts, line keys, multi-purpose keys, modules, the line keys that are buttons if not all. */
type Row = readonly [string, number, number, number, Model['keys']['expansion']?, number?];

const gxp: readonly Row[] = [
  ['GXP1610', 1, 2, 0],
  ['GXP1615', 1, 2, 0],
  ['GXP1620', 2, 2, 0],
  ['GXP1625', 2, 2, 0],
  ['GXP1628', 2, 2, 8],
  ['GXP1630', 3, 3, 8],
  ['GXP1760', 3, 24, 0, undefined, 6],
  ['GXP1780', 4, 32, 0, undefined, 8],
  ['GXP1782', 4, 32, 0, undefined, 8],
  ['GXP2130', 3, 3, 8],
  ['GXP2135', 4, 32, 0, undefined, 8],
  ['GXP2140', 4, 16, 0, modules, 4],
  ['GXP2160', 6, 24, 24, undefined, 6],
  ['GXP2170', 6, 48, 0, modules, 12],
];
/** Before them: the same parameters. */
const olderGxp: readonly Row[] = [
  ['GXP1400', 2, 2, 0],
  ['GXP1405', 2, 2, 0],
  ['GXP1450', 2, 2, 0],
  ['GXP2100', 4, 4, 7],
  ['GXP2110', 4, 4, 18],
  ['GXP2120', 6, 6, 7],
  ['GXP2124', 4, 4, 24],
];
const grp: readonly Row[] = [
  ['GRP2601', 2, 2, 0],
  ['GRP2602', 2, 2, 0],
  ['GRP2603', 3, 3, 0],
  ['GRP2604', 3, 3, 10],
  ['GRP2612', 2, 16, 0],
  ['GRP2613', 3, 24, 0],
  ['GRP2614', 4, 16, 24, modules],
  ['GRP2615', 5, 40, 0, modules],
  ['GRP2616', 6, 16, 24],
  ['GRP2624', 4, 16, 0, modules],
  ['GRP2634', 4, 16, 10],
  ['GRP2636', 6, 24, 24],
  ['GRP2650', 6, 24, 0, modules],
  ['GRP2670', 6, 24, 0, modules],
];

const extension = { modules: 2, keys: 56 };
/** First generation: model, accounts, multi-purpose keys, wide band, aliases, modules. */
const binaryPhones: readonly (readonly [
  string,
  number,
  number,
  readonly Codec[],
  readonly string[],
  Model['keys']['expansion']?,
])[] = [
  ['BT200', 1, 0, binaryCodecs, ['BT201']],
  ['GXP1200', 2, 0, binaryCodecs, []],
  ['GXP2000', 4, 7, binaryCodecs, [], extension],
  ['GXP2010', 4, 18, binaryCodecs, [], extension],
  ['GXP2020', 6, 7, binaryCodecs, [], extension],
  ['GXV3000', 3, 0, binaryCodecs.filter((codec) => codec !== 'ilbc'), []],
];
/** Model, accounts, aliases; the others count the time to the next registration in minutes. */
const binaryAdapters: readonly (readonly [string, number, readonly string[], 'seconds'?])[] = [
  ['BT100', 1, ['BT101', 'BT102', 'BT110'], 'seconds'],
  ['HT286', 1, ['HT287'], 'seconds'],
  ['HT386', 2, []],
  ['HT486', 1, [], 'seconds'],
  ['HT488', 2, []],
  ['HT496', 2, []],
];

function phone(family: string): (row: Row) => Model {
  return ([id, lines, keys, soft, expansion, buttons = keys]) => ({
    id,
    name: id,
    // P and W name the power supply and Wi-Fi; the configuration is the same.
    aliases: [`${id}P`, `${id}W`, `${id}G`],
    family,
    lines,
    keys: {
      line: keys,
      side: buttons,
      soft,
      ...(expansion === undefined ? {} : { expansion }),
    },
    // GXP16xx have no Opus, GXP17xx a number of their own for it.
    codecs: id.startsWith('GXP16') ? binaryCodecs : codecs,
    features: ['poe', 'pc-port', 'conference'],
    facts: { countsOpus125: id.startsWith('GXP17') },
    fileName: id.toLowerCase(),
  });
}

function adapter(family: string): (row: readonly [string, number]) => Model {
  const isGateway = family === 'gxw';
  return ([id, lines]) => ({
    id,
    name: id,
    family,
    lines,
    keys: { line: 0 },
    codecs: isGateway ? codecs.filter((codec) => codec !== 'opus' && codec !== 'g722') : codecs,
    features: ['fxs', 'snmp'],
    facts: { isGateway },
    fileName: id.toLowerCase(),
  });
}

function base([id, lines, handsets]: readonly [string, number, number]): Model {
  return {
    id,
    name: id,
    family: 'dp',
    lines,
    handsets,
    dect: {
      calls: handsets,
      bases: 1,
      systemHandsets: handsets,
      opensBy: 'hand',
      removesBy: 'hand',
    },
    keys: { line: 0 },
    codecs: ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'ilbc', 'g726-32', 'g723'],
    features: ['poe', 'dect'],
    fileName: id.toLowerCase(),
  };
}

export const grandstreamModels: readonly Model[] = [
  ...gxp.map(phone('gxp')),
  ...olderGxp.map(phone('gxp')).map((model) => ({ ...model, codecs: binaryCodecs })),
  ...grp.map(phone('grp')),
  ...(
    [
      ['DP750', 10, 5],
      ['DP752', 10, 5],
    ] as const
  ).map(base),
  ...(
    [
      ['HT801', 1],
      ['HT802', 2],
      ['HT801V2', 1],
      ['HT802V2', 2],
    ] as const
  ).map(adapter('ht80x')),
  ...(
    [
      ['HT812', 2],
      ['HT814', 4],
      ['HT818', 8],
      ['HT812V2', 2],
      ['HT814V2', 4],
      ['HT818V2', 8],
    ] as const
  ).map(adapter('ht81x')),
  ...(
    [
      ['GXW4004', 4],
      ['GXW4008', 8],
      ['GXW4216', 16],
      ['GXW4224', 24],
      ['GXW4232', 32],
      ['GXW4248', 48],
    ] as const
  ).map(adapter('gxw')),
  ...binaryPhones.map(([id, lines, keys, ownCodecs, aliases, expansion]): Model => ({
    id,
    name: id.replace('BT', 'BudgeTone '),
    aliases,
    family: 'binary-phone',
    lines,
    // The first key stands for the line keys, which do nothing else.
    keys: { line: 1 + keys, ...(expansion === undefined ? {} : { expansion }) },
    codecs: ownCodecs,
    features: [
      'pc-port',
      'unencrypted-only',
      ...(id === 'GXV3000' ? (['video', 'colour-display'] as const) : (['conference'] as const)),
    ],
  })),
  ...binaryAdapters.map(([id, lines, aliases, unit]): Model => ({
    id,
    name: id.replace('BT', 'BudgeTone ').replace('HT', 'HandyTone '),
    aliases,
    family: 'binary-adapter',
    lines,
    keys: { line: 0 },
    codecs: binaryCodecs.filter((codec) => codec !== 'g722'),
    features: [
      'unencrypted-only',
      id.startsWith('BT') ? 'pc-port' : 'fxs',
      ...(id === 'HT488' ? (['fxo'] as const) : []),
    ],
    facts: { countsSeconds: unit === 'seconds' },
  })),
  {
    id: 'generic',
    name: 'Grandstream phone',
    family: 'gxp',
    lines: 1,
    keys: { line: 0 },
    codecs: ['g722', 'pcma', 'pcmu'],
    features: [],
  },
];
