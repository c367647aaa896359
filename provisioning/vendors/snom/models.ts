/** Snom desk phones: identities, function keys, expansion modules. */
import type { Codec, Model } from '../vendor.ts';

const codecs: readonly Codec[] = ['opus', 'g722', 'pcma', 'pcmu', 'g729', 'g726-32', 'g723'];
const small = { modules: 3, keys: 18 };
const large = { modules: 3, keys: 60 };
const keypad = { modules: 3, keys: 42 };

/** Model, identities, keys, expansion modules. */
const rows: readonly (readonly [string, number, number, Model['keys']['expansion']?])[] = [
  ['300', 4, 6],
  ['320', 12, 12, keypad],
  ['360', 12, 12, keypad],
  ['370', 12, 12, keypad],
  ['720', 12, 18, small],
  ['760', 12, 16, small],
  ['D120', 2, 2],
  ['D140', 2, 2, small],
  ['D150', 2, 2, small],
  ['D305', 4, 5, small],
  ['D315', 4, 5, small],
  ['D335', 12, 48, small],
  ['D345', 12, 48, small],
  ['D375', 12, 12, small],
  ['D385', 12, 48, { ...small, gap: 126 }],
  ['D710', 4, 5, small],
  ['D712', 4, 5, small],
  ['D713', 4, 4, small],
  ['D715', 4, 5, small],
  ['D717', 6, 3, small],
  ['D725', 12, 18, small],
  ['D735', 12, 32, small],
  ['D745', 12, 32, small],
  ['D765', 12, 16, small],
  ['D785', 12, 24, { modules: 4, keys: 18 }],
  ['D810', 12, 4, large],
  ['D812', 12, 28, large],
  ['D815', 12, 36, large],
  ['D862', 12, 28, large],
  ['D865', 12, 36, large],
  ['D892', 12, 36, large],
];

export const snomModels: readonly Model[] = [
  ...rows.map(([id, lines, keys, expansion]): Model => ({
    id,
    name: `snom ${id}`,
    // D7xx were sold without the D at first and still say so in old firmware.
    aliases: [`snom${id}`, ...(id.startsWith('D') ? [id.slice(1), `snom${id.slice(1)}`] : [])],
    family: 'desk',
    lines,
    keys: { line: keys, soft: 4, ...(expansion === undefined ? {} : { expansion }) },
    codecs: id.startsWith('D') ? codecs : codecs.filter((codec) => codec !== 'opus'),
    features: ['poe', 'pc-port', 'conference'],
  })),
  {
    id: 'generic',
    name: 'snom phone',
    family: 'desk',
    lines: 1,
    keys: { line: 0 },
    codecs: ['g722', 'pcma', 'pcmu'],
    features: [],
  },
];
