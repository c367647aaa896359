/** Yealink models: SIP accounts, keys, and the number in the name of the common file. */
import type { Codec, Model, ModelFacts, ModelFeature } from '../vendor.ts';

const basicCodecs: readonly Codec[] = ['g722', 'pcma', 'pcmu', 'g729', 'g726-32', 'g723'];
const allCodecs: readonly Codec[] = [
  'opus',
  'g722',
  'pcma',
  'pcmu',
  'g729',
  'ilbc',
  'g726-32',
  'g723',
];
/** EXP38, EXP39 and EXP20, then EXP40, all six in a row; then EXP43 and EXP50. */
const exp38 = { modules: 6, keys: 38 };
const exp40 = { modules: 6, keys: 40 };
const exp60 = { modules: 3, keys: 60 };

/** Of firmware 81 and later; quirks change them for older firmware. */
const facts: ModelFacts = {
  prefix: 'static.',
  pickupField: 'extension',
  syslogSwitch: 'enable',
  hasPcPort: true,
  hasServerTemplates: false,
  hasDirectorySettings: true,
  hasCodecNames: true,
  hasServerTransport: true,
  hasMemoryKeys: false,
  turnsExpansionPages: false,
  pinParameter: 'base.pin_code',
  handsetPrefix: 'static.',
  mediaDscp: 'audiotos',
  hasBothMediaDscp: false,
  syslogLevel: 'level',
  featureSync: 'features.feature_key_sync.enable',
  ldapOutLookup: 'call_out_lookup',
  hasKeyExtension: false,
};

interface DeskRow {
  readonly id: string;
  /** Number in `y000000000095.cfg`. */
  readonly product?: number;
  readonly lines: number;
  readonly keys: number;
  /** So many of the keys are memory keys, which come behind the line keys and have names of their own. */
  readonly memoryKeys?: number;
  readonly expansion?: Model['keys']['expansion'];
  readonly facts?: ModelFacts;
  readonly codecs?: readonly Codec[];
  readonly aliases?: readonly string[];
  readonly features?: readonly ModelFeature[];
}

/** The first key of each page of an EXP20 turns pages: of 40 keys 38 are left. */
const exp20: Pick<DeskRow, 'expansion' | 'facts'> = {
  expansion: exp38,
  facts: { turnsExpansionPages: true },
};

const wired: readonly ModelFeature[] = ['poe', 'pc-port', 'conference'];
const wireless: readonly ModelFeature[] = ['poe', 'pc-port', 'wifi', 'bluetooth', 'conference'];

const deskRows: readonly DeskRow[] = [
  { id: 'T18P', product: 9, lines: 1, keys: 0, codecs: basicCodecs, aliases: ['T18'] },
  { id: 'T19P', product: 31, lines: 1, keys: 0, codecs: basicCodecs, aliases: ['T19'] },
  { id: 'T19P_E2', product: 53, lines: 1, keys: 0, codecs: basicCodecs, aliases: ['T19E2'] },
  { id: 'T20P', product: 7, lines: 2, keys: 2, codecs: basicCodecs },
  { id: 'T21P', product: 34, lines: 2, keys: 2, codecs: basicCodecs },
  { id: 'T21P_E2', product: 52, lines: 2, keys: 2, codecs: basicCodecs, aliases: ['T21E2'] },
  { id: 'T22P', product: 5, lines: 3, keys: 3, codecs: basicCodecs },
  { id: 'T23G', product: 44, lines: 3, keys: 3, aliases: ['T23', 'T23P'] },
  {
    id: 'T26P',
    product: 4,
    lines: 3,
    keys: 13,
    memoryKeys: 10,
    expansion: exp38,
    codecs: basicCodecs,
  },
  { id: 'T27P', product: 45, lines: 6, keys: 21, ...exp20 },
  { id: 'T27G', product: 69, lines: 6, keys: 21, ...exp20 },
  {
    id: 'T28P',
    product: 0,
    lines: 6,
    keys: 16,
    memoryKeys: 10,
    expansion: exp38,
    codecs: basicCodecs,
  },
  { id: 'T29G', product: 46, lines: 16, keys: 27, ...exp20 },
  { id: 'T30', product: 127, lines: 1, keys: 0, aliases: ['T30P'] },
  { id: 'T31', product: 123, lines: 2, keys: 2, aliases: ['T31G', 'T31P'] },
  { id: 'T31W', product: 172, lines: 2, keys: 2, features: wireless },
  { id: 'T32G', product: 32, lines: 3, keys: 3, codecs: basicCodecs },
  { id: 'T33G', product: 124, lines: 4, keys: 12, aliases: ['T33P'] },
  { id: 'T34W', product: 171, lines: 4, keys: 12, features: wireless },
  {
    id: 'T38G',
    product: 38,
    lines: 6,
    keys: 16,
    memoryKeys: 10,
    expansion: exp38,
    codecs: basicCodecs,
  },
  { id: 'T40P', product: 54, lines: 3, keys: 3 },
  { id: 'T40G', product: 76, lines: 3, keys: 3 },
  { id: 'T41P', product: 36, lines: 6, keys: 15, codecs: basicCodecs },
  { id: 'T41S', product: 68, lines: 6, keys: 15 },
  { id: 'T41U', lines: 6, keys: 15 },
  { id: 'T42G', product: 29, lines: 12, keys: 15, codecs: basicCodecs },
  { id: 'T42S', product: 67, lines: 12, keys: 15 },
  { id: 'T42U', product: 116, lines: 12, keys: 15 },
  { id: 'T43U', product: 107, lines: 12, keys: 21, expansion: exp60 },
  { id: 'T44W', product: 174, lines: 12, keys: 21, expansion: exp60, features: wireless },
  { id: 'T44U', product: 173, lines: 12, keys: 21, expansion: exp60 },
  { id: 'T46G', product: 28, lines: 16, keys: 27, expansion: exp40 },
  { id: 'T46S', product: 66, lines: 16, keys: 27, expansion: exp40 },
  { id: 'T46U', product: 108, lines: 16, keys: 27, expansion: exp60 },
  { id: 'T48G', product: 35, lines: 16, keys: 29, expansion: exp40 },
  { id: 'T48S', product: 65, lines: 16, keys: 29, expansion: exp40 },
  { id: 'T48U', product: 109, lines: 16, keys: 29, expansion: exp60 },
  { id: 'T49G', product: 51, lines: 16, keys: 4, features: [...wired, 'video'] },
  { id: 'T52S', product: 74, lines: 12, keys: 21, expansion: exp60 },
  { id: 'T53', product: 95, lines: 12, keys: 21, expansion: exp60, aliases: ['T53C'] },
  { id: 'T53W', product: 95, lines: 12, keys: 21, expansion: exp60, features: wireless },
  { id: 'T54S', product: 70, lines: 16, keys: 27, expansion: exp60 },
  {
    id: 'T54W',
    product: 96,
    lines: 16,
    keys: 27,
    expansion: exp60,
    aliases: ['T54'],
    features: wireless,
  },
  { id: 'T56A', product: 56, lines: 16, keys: 27, expansion: exp60, features: wireless },
  {
    id: 'T57W',
    product: 97,
    lines: 16,
    keys: 29,
    expansion: exp60,
    aliases: ['T57'],
    features: wireless,
  },
  {
    id: 'T58',
    product: 58,
    lines: 16,
    keys: 27,
    expansion: exp60,
    aliases: ['T58A', 'T58V'],
    features: wireless,
  },
  { id: 'T58W', product: 150, lines: 16, keys: 27, expansion: exp60, features: wireless },
  {
    id: 'T73U',
    product: 186,
    lines: 12,
    keys: 40,
    expansion: { modules: 3, keys: 78 },
    aliases: ['T73'],
  },
  { id: 'T73W', product: 183, lines: 12, keys: 40, expansion: { modules: 3, keys: 78 } },
  {
    id: 'T74U',
    product: 187,
    lines: 16,
    keys: 50,
    expansion: { modules: 3, keys: 78 },
    aliases: ['T74'],
  },
  { id: 'T74W', product: 184, lines: 16, keys: 50, expansion: { modules: 3, keys: 78 } },
  {
    id: 'T77U',
    product: 188,
    lines: 16,
    keys: 56,
    expansion: { modules: 3, keys: 78 },
    aliases: ['T77'],
  },
  { id: 'T85W', product: 196, lines: 16, keys: 60, expansion: { modules: 3, keys: 78 } },
  { id: 'T87W', product: 197, lines: 16, keys: 84, expansion: { modules: 3, keys: 78 } },
  {
    id: 'T88W',
    product: 192,
    lines: 16,
    keys: 84,
    expansion: { modules: 3, keys: 78 },
    aliases: ['T88', 'T88V'],
  },
  {
    id: 'VP59',
    product: 91,
    lines: 16,
    keys: 27,
    expansion: exp60,
    features: [...wireless, 'video'],
  },
  { id: 'VP530', product: 23, lines: 4, keys: 4, aliases: ['VP530P'], codecs: basicCodecs },
];

const desks: readonly Model[] = deskRows.map((row) => ({
  id: row.id,
  name: row.id.startsWith('VP') ? row.id : `SIP-${row.id}`,
  family: 'desk',
  lines: row.lines,
  keys: {
    line: row.keys,
    ...(row.memoryKeys === undefined ? {} : { side: row.keys - row.memoryKeys }),
    soft: 4,
    ...(row.expansion === undefined ? {} : { expansion: row.expansion }),
  },
  codecs: row.codecs ?? allCodecs,
  features: row.features ?? wired,
  facts: { ...facts, ...row.facts, hasMemoryKeys: row.memoryKeys !== undefined },
  ...(row.aliases === undefined ? {} : { aliases: row.aliases }),
  ...(row.product === undefined ? {} : { product: toProduct(row.product) }),
}));

/** Conference phones and Wi-Fi handsets: no line keys. */
const others: readonly Model[] = (
  [
    ['CP860', 37, 1, 0],
    ['CP920', 78, 1, 0],
    ['CP925', 148, 1, 0],
    ['CP960', 73, 1, 0],
    ['CP965', 143, 1, 0],
    ['AX83H', 180, 4, 2],
    ['AX86R', 182, 4, 3],
  ] as const
).map(([id, product, lines, soft]) => ({
  id,
  name: id,
  family: 'desk',
  lines,
  keys: { line: 0, soft },
  codecs: allCodecs,
  features: id.startsWith('AX') ? ['wifi', 'bluetooth'] : ['poe', 'conference'],
  facts: { ...facts, hasPcPort: false },
  product: toProduct(product),
}));

const bases: readonly Model[] = (
  [
    ['W52P', ['W52B'], 25, 5, 5, 4],
    ['W56P', ['W56B'], 25, 5, 5, 4],
    ['W60B', ['W60P'], 77, 8, 8, 8],
    ['W70B', ['W70P'], 146, 10, 10, 20],
  ] as const
).map(([id, aliases, product, lines, handsets, calls]) => ({
  id,
  name: id,
  aliases,
  family: 'base',
  lines,
  handsets,
  dect: {
    calls,
    bases: 1,
    systemHandsets: handsets,
    opensBy: 'hand' as const,
    removesBy: 'hand' as const,
  },
  keys: { line: 0 },
  codecs: id === 'W52P' || id === 'W56P' ? basicCodecs : allCodecs,
  features: ['poe', 'dect'],
  facts: {
    ...facts,
    hasPcPort: false,
    syslogSwitch: 'mode',
    // Their guides keep the older name, the firmware shares its parser with the phones.
    hasBothMediaDscp: true,
    hasDirectorySettings: false,
    handsetPrefix: id === 'W70B' ? 'static.' : '',
  },
  product: toProduct(product),
}));

const managers: readonly Model[] = (
  [
    ['W75DM', ['W75B', 'W75'], 175, 20, 10],
    ['W80DM', ['W80B', 'W80'], 103, 100, 30],
    ['W90DM', ['W90B', 'W90'], 130, 250, 60],
  ] as const
).map(([id, aliases, product, lines, bases]) => ({
  id,
  name: id,
  aliases,
  family: 'multicell',
  lines,
  handsets: lines,
  dect: {
    calls: 8,
    bases,
    systemHandsets: lines,
    opensBy: 'hand' as const,
    removesBy: 'hand' as const,
  },
  keys: { line: 0 },
  codecs: allCodecs,
  features: ['poe', 'dect'],
  facts: {
    ...facts,
    hasPcPort: false,
    syslogSwitch: 'mode',
    hasBothMediaDscp: true,
    hasServerTemplates: true,
    hasDirectorySettings: false,
    pinParameter: 'base.pin_code_for_register',
  },
  product: toProduct(product),
}));

/** Assumed while only the vendor is known: one line, nothing that a model could lack. */
const generic: Model = {
  id: 'generic',
  name: 'Yealink phone',
  family: 'desk',
  lines: 1,
  keys: { line: 0 },
  codecs: ['g722', 'pcma', 'pcmu'],
  features: [],
  facts: { ...facts, hasPcPort: false },
};

export const yealinkModels: readonly Model[] = [
  ...desks,
  ...others,
  ...bases,
  ...managers,
  generic,
];

/** 12 digits together, the first of them is part of the name: `y` + 12 digits. */
function toProduct(number: number): string {
  return String(number).padStart(12, '0');
}
