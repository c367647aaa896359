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

/** Model, accounts, line keys, multi-purpose keys, modules. */
type Row = readonly [string, number, number, number, Model['keys']['expansion']?];

const gxp: readonly Row[] = [
  ['GXP1610', 1, 2, 0],
  ['GXP1615', 1, 2, 0],
  ['GXP1620', 2, 2, 0],
  ['GXP1625', 2, 2, 0],
  ['GXP1628', 2, 2, 7],
  ['GXP1630', 3, 3, 7],
  ['GXP1760', 3, 6, 0],
  ['GXP1780', 4, 8, 0],
  ['GXP1782', 4, 8, 0],
  ['GXP2130', 3, 3, 7],
  ['GXP2135', 4, 8, 0],
  ['GXP2140', 4, 4, 5, modules],
  ['GXP2160', 6, 6, 7],
  ['GXP2170', 6, 12, 0, modules],
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

function phone(family: string): (row: Row) => Model {
  return ([id, lines, keys, soft, expansion]) => ({
    id,
    name: id,
    // P and W name the power supply and Wi-Fi; the configuration is the same.
    aliases: [`${id}P`, `${id}W`, `${id}G`],
    family,
    lines,
    keys: { line: keys, soft, ...(expansion === undefined ? {} : { expansion }) },
    codecs,
    features: ['poe', 'pc-port', 'conference'],
    fileName: id.toLowerCase(),
  });
}

function adapter(family: string): (row: readonly [string, number]) => Model {
  return ([id, lines]) => ({
    id,
    name: id,
    family,
    lines,
    keys: { line: 0 },
    codecs: ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'ilbc', 'g726-32', 'g723'],
    features: ['fxs', 'snmp'],
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
