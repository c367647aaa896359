/** Fanvil models: lines, keys by page, and the name of the common file that each asks for first. */
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

const firstCodecs: readonly Codec[] = ['g722', 'pcma', 'pcmu', 'g729', 'g726-32', 'g723'];

interface Row {
  readonly id: string;
  readonly lines: number;
  /** All keys; `side` of them beside the display, the rest on `pages`. */
  readonly keys: number;
  readonly side?: number;
  /** Pages of the side keys; one unless said otherwise. */
  readonly sidePages?: number;
  readonly pages?: number;
  /** How the language is named: by letters unless said otherwise, or by the numbers of X or V phones. */
  readonly languages?: 'x' | 'v';
  /** Phones with the names and modules of the first generation. */
  readonly isFirst?: true;
  /** Without `.cfg`. */
  readonly common?: string;
  readonly aliases?: readonly string[];
}

const rows: readonly Row[] = [
  { id: 'X1S', lines: 2, languages: 'x', keys: 2, side: 2, aliases: ['X1SP', 'X1SG'] },
  { id: 'X3', isFirst: true, lines: 2, languages: 'x', keys: 2, side: 2, common: 'F0V00X300000' },
  {
    id: 'X3S',
    isFirst: true,
    lines: 2,
    languages: 'x',
    keys: 2,
    side: 2,
    common: 'f0X3shw1.100',
    aliases: ['X3SP', 'X3G', 'X3P'],
  },
  {
    id: 'X3SG',
    lines: 2,
    languages: 'x',
    keys: 2,
    side: 2,
    common: 'f0X3sghw1.100',
    aliases: ['X3SG Pro'],
  },
  { id: 'X3U', lines: 6, keys: 3, side: 3, aliases: ['X3U Pro'] },
  { id: 'X301', lines: 2, languages: 'v', keys: 0, aliases: ['X301P', 'X301G', 'X301W'] },
  { id: 'X303', lines: 4, languages: 'v', keys: 3, side: 3, aliases: ['X303P', 'X303G', 'X303W'] },
  {
    id: 'X4',
    isFirst: true,
    lines: 4,
    languages: 'x',
    keys: 30,
    pages: 5,
    common: 'f0X4hw1.100',
    aliases: ['X4G'],
  },
  { id: 'X4SG', lines: 4, languages: 'x', keys: 30, pages: 5, aliases: ['X4S'] },
  { id: 'X4U', lines: 12, keys: 33, side: 3, pages: 5, aliases: ['X4U-V2', 'X4U Pro'] },
  { id: 'X5', isFirst: true, lines: 6, languages: 'x', keys: 40, pages: 5, common: 'f0X5hw1.100' },
  { id: 'X5S', lines: 16, languages: 'x', keys: 40, pages: 5, common: 'F0V00X5S0000' },
  {
    id: 'X5U',
    lines: 16,
    keys: 34,
    side: 4,
    pages: 5,
    common: 'F0V5UV200000',
    aliases: ['X5U-V2', 'X5U Pro'],
  },
  {
    id: 'X6',
    lines: 20,
    languages: 'x',
    keys: 60,
    pages: 5,
    common: 'F0V00X600000',
    aliases: ['X6V2'],
  },
  { id: 'X6U', lines: 20, keys: 65, side: 5, pages: 5, aliases: ['X6U Pro', 'X6U-V2'] },
  { id: 'X7C', lines: 20, keys: 60, pages: 5, aliases: ['X7C Pro'] },
  {
    id: 'X210',
    lines: 20,
    keys: 106,
    side: 10,
    pages: 3,
    common: 'F0V00X200000',
    aliases: ['X210i', 'X210 Pro', 'X210i Pro', 'X210-V2'],
  },
  { id: 'V50G', lines: 4, keys: 0 },
  {
    id: 'V61',
    lines: 4,
    keys: 12,
    side: 12,
    sidePages: 4,
    languages: 'v',
    common: 'F0VV61G00000',
    aliases: ['V61G', 'V61W'],
  },
  {
    id: 'V62',
    lines: 6,
    keys: 15,
    side: 15,
    sidePages: 3,
    languages: 'v',
    common: 'F0VV6200000',
  },
  {
    id: 'V62 Pro',
    lines: 6,
    keys: 21,
    side: 21,
    sidePages: 3,
    languages: 'v',
    common: 'F0V0V6210000',
  },
  {
    id: 'V62G',
    lines: 6,
    keys: 21,
    side: 21,
    sidePages: 3,
    languages: 'v',
    common: 'F0VV62G00000',
    aliases: ['V62W'],
  },
  {
    id: 'V63',
    lines: 10,
    keys: 21,
    side: 21,
    sidePages: 3,
    languages: 'v',
    common: 'F0V0V6300000',
  },
  {
    id: 'V64',
    lines: 12,
    keys: 21,
    side: 21,
    sidePages: 3,
    languages: 'v',
    common: 'F0V0V6400000',
  },
  {
    id: 'V65',
    lines: 20,
    keys: 27,
    side: 27,
    sidePages: 3,
    languages: 'v',
    common: 'F0V0V6500000',
  },
  { id: 'V66', lines: 20, keys: 27, pages: 1, common: 'F0V0V6600000', aliases: ['V66 Pro'] },
  { id: 'V67', lines: 20, keys: 116, pages: 4, common: 'F0V0V6700000' },
  { id: 'H2', isFirst: true, lines: 1, languages: 'x', keys: 0, aliases: ['H2S'] },
  { id: 'H2U', lines: 1, keys: 0, common: 'F0V2UV200000', aliases: ['H2U-V2'] },
  { id: 'H5', isFirst: true, lines: 1, languages: 'x', keys: 6, pages: 1, aliases: ['H5W'] },
  {
    id: 'W610W',
    lines: 4,
    languages: 'v',
    keys: 16,
    pages: 2,
    common: 'F0V610W00000',
    aliases: ['W611W', 'W620W'],
  },
  { id: 'i10S', lines: 2, languages: 'v', keys: 1, pages: 1, common: 'F0V10S00000' },
  { id: 'i10SV', lines: 2, languages: 'v', keys: 1, pages: 1, common: 'F0V10SV00000' },
  { id: 'i10SD', lines: 2, languages: 'v', keys: 2, pages: 1, common: 'F0V10SD00000' },
  { id: 'i16S', lines: 2, languages: 'v', keys: 1, pages: 1, common: 'F0V16S00000' },
  { id: 'i16SV', lines: 2, languages: 'v', keys: 1, pages: 1, common: 'F0V16SV00000' },
  { id: 'i51W', lines: 2, languages: 'v', keys: 3, pages: 1, common: 'F0Vi51W00000' },
  { id: 'i52W', lines: 2, languages: 'v', keys: 3, pages: 1, common: 'F0Vi52W00000' },
  { id: 'i53W', lines: 2, languages: 'v', keys: 3, pages: 1, common: 'F0Vi53W00000' },
  { id: 'i61', lines: 2, languages: 'v', keys: 1, pages: 1, common: 'F0V0i6100000' },
  { id: 'i62', lines: 2, languages: 'v', keys: 1, pages: 1, common: 'F0V0i6200000' },
  { id: 'i63', lines: 2, languages: 'v', keys: 5, pages: 1, common: 'F0V0i6300000' },
  { id: 'i64', lines: 2, languages: 'v', keys: 4, pages: 1, common: 'F0V0i6400000' },
];

/** DECT bases. Their figures are not published: what bases for one cell commonly take. */
const bases = ['W710D', 'W710H'].map((id): Model => ({
  id,
  name: `Fanvil ${id}`,
  family: 'dect',
  lines: 10,
  handsets: 10,
  dect: { calls: 10, bases: 1, systemHandsets: 10, opensBy: 'hand', removesBy: 'hand' },
  keys: { line: 0 },
  codecs: ['g722', 'pcma', 'pcmu', 'g729'],
  features: ['poe', 'dect'],
  product: `f0${id}hw1.100`,
}));

export const fanvilModels: readonly Model[] = [
  ...rows.map((row): Model => {
    const side = row.side ?? 0;
    const pages = row.pages ?? 0;
    return {
      id: row.id,
      name: `Fanvil ${row.id}`,
      ...(row.aliases === undefined ? {} : { aliases: row.aliases }),
      family: row.isFirst === true ? 'first' : 'phone',
      lines: row.lines,
      keys: {
        line: row.keys,
        side,
        ...(side === 0 ? {} : { sidePerPage: Math.ceil(side / (row.sidePages ?? 1)) }),
        ...(pages === 0 ? {} : { perPage: Math.ceil((row.keys - side) / pages) }),
      },
      codecs: row.isFirst === true ? firstCodecs : codecs,
      features: ['poe', 'pc-port', 'conference'],
      product: row.common ?? `f0${row.id}hw1.100`,
      facts: {
        pages,
        sidePages: side === 0 ? 0 : (row.sidePages ?? 1),
        languageForm: row.languages ?? 'letters',
        hasShortDates: row.languages === 'x',
      },
    };
  }),
  ...bases,
  {
    id: 'generic',
    name: 'Fanvil phone',
    family: 'phone',
    lines: 1,
    keys: { line: 0 },
    codecs: ['g722', 'pcma', 'pcmu'],
    features: [],
    product: 'f0hw1.100',
    facts: { pages: 0, sidePages: 0, languageForm: 'letters', hasShortDates: false },
  },
];
