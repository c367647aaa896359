/**
 * The names that templates may use: facts of device and model, addresses, the time zone, every
 * declared variable and the lists. `render-values.ts` fills exactly these.
 */
import { variables } from './scope/variables.ts';
import type { NameFacts, Vocabulary } from './template/value.ts';
import type { Stage } from './vendors/vendor.ts';

const open: NameFacts = { isSecret: false };
const secret: NameFacts = { isSecret: true };

/** The device and its model. */
export const identityNames = [
  'device.mac',
  'device.macUpper',
  'device.macColons',
  'device.model',
  'device.firmware',
  'device.fileModel',
  'device.product',
  /** Second of 1970 in which the base was opened for new handsets. */
  'device.openedAtSec',
  /** Names of the administrator's own files; undefined when there are none. */
  'device.customFiles',
  /** Expansion modules on which a key has a function; undefined: none. */
  'device.modules',
  /** Number of the last line; undefined: none. */
  'device.lastLine',
  'model.lines',
  'model.lineKeys',
  'model.handsets',
  'dect.systemName',
  'dect.baseName',
  'dect.isMultiCell',
  /** Undefined for a base that belongs to no system: it has its accounts itself. */
  'dect.isDataMaster',
  'dect.chainId',
  'dect.hasPlannedTree',
  'dect.syncsByLan',
  'dect.isOpen',
] as const;

/** Where the device fetches its files; with the device's own token in the secure stage. */
export const fetchNames = [
  'fetch.url',
  'fetch.scheme',
  'fetch.host',
  'fetch.port',
  'fetch.hostPath',
  'fetch.path',
] as const;

const changeNames = ['month', 'week', 'weekday', 'weekday0', 'weekday1', 'hour', 'minute', 'day'];

/** The time zone in the forms that vendors need. */
export const zoneNames: readonly string[] = [
  'zone.name',
  'zone.posix',
  'zone.offsetMin',
  /** Quarters of an hour. */
  'zone.offsetQuarters',
  'zone.offsetSec',
  /** `+1`, `-3:30` */
  'zone.offsetHours',
  /** `+01:00` */
  'zone.offsetIso',
  'zone.hasDst',
  'zone.saveMin',
  'zone.saveSec',
  'zone.saveIso',
  ...changeNames.flatMap((name) => [`zone.start.${name}`, `zone.end.${name}`]),
];

/** Fields of the rows of each list, beside those of variables that are tables. */
const lists: Readonly<Record<string, Readonly<Record<string, NameFacts>>>> = {
  lines: {
    index: open,
    index0: open,
    account: open,
    displayName: open,
    label: open,
    userName: open,
    authName: open,
    password: secret,
    host: open,
    port: open,
    /** `host:port`, with IPv6 in brackets. */
    hostPort: open,
    /** The same, but without the port where it is the usual one. */
    domain: open,
    transport: open,
    backupHost: open,
    backupPort: open,
    backupHostPort: open,
    outboundHost: open,
    outboundPort: open,
    outboundHostPort: open,
    voicemailNumber: open,
    /** Place of its servers in the list `servers`. */
    server: open,
    server0: open,
    /** DECT: the handset that uses the line. */
    handset: open,
    handset0: open,
    handsetIpui: open,
    handsetPin: secret,
  },
  /** What the lines register with, each once: for bases on which accounts name their server. */
  servers: {
    index: open,
    index0: open,
    host: open,
    port: open,
    hostPort: open,
    /** The same, but without the port where it is the usual one. */
    domain: open,
    transport: open,
    backupHost: open,
    backupPort: open,
    backupHostPort: open,
    outboundHost: open,
    outboundPort: open,
    outboundHostPort: open,
  },
  /** The administrator's own files, which come before the others. */
  customFiles: { index: open, index0: open, name: open },
  /** Accounts of the model that have no line: to be switched off. */
  emptyLines: { index: open, index0: open },
  /** Every key of the area `line`, those without a function too, then the others that have one. */
  keys: {
    area: open,
    module: open,
    module0: open,
    index: open,
    index0: open,
    /** Place among all keys of the device: line keys first, then module after module. */
    ordinal: open,
    ordinal0: open,
    /** Place among the keys of the expansion modules, from 0. */
    expansion0: open,
    /** For vendors that number keys by page: side keys are page 1 of their own. */
    isSide: open,
    page: open,
    onPage: open,
    isFirstOnPage: open,
    kind: open,
    /** Number of the key among those of its kind, 1 is the first; `blf` and `speedDial` count as one. */
    ofKind: open,
    value: open,
    label: open,
    line: open,
    line0: open,
    host: open,
    userName: open,
    /** Only of the kind `line`. */
    displayName: open,
    authName: open,
    password: secret,
    port: open,
    voicemailNumber: open,
    /** `calls.pickupCode` on kinds that can pick up. */
    pickupCode: open,
  },
  /** The codecs of the model: first those that are on, in order. */
  codecs: { name: open, index0: open, isEnabled: open, priority: open, priority0: open },
  handsets: {
    index: open,
    index0: open,
    ipui: open,
    name: open,
    pin: secret,
    line: open,
    line0: open,
  },
};

/**
 * In the stage `bootstrap` lines, handsets and every secret variable do not even exist as names: a
 * template that could tell one to an unauthenticated device does not compile.
 */
export function createVocabulary(stage: Stage, factNames: Iterable<string>): Vocabulary {
  const isSecure = stage === 'secure';
  const scalars = new Map<string, NameFacts>();
  const tables = new Map<string, ReadonlyMap<string, NameFacts>>();
  for (const name of [...identityNames, ...zoneNames]) {
    scalars.set(name, open);
  }
  for (const name of factNames) {
    scalars.set(`fact.${name}`, open);
  }
  for (const name of fetchNames) {
    scalars.set(name, isSecure ? secret : open);
  }
  for (const name of ['fetch.scheme', 'fetch.host', 'fetch.port']) {
    scalars.set(name, open);
  }
  for (const variable of variables) {
    const { domain } = variable;
    if (domain.type === 'records') {
      scalars.set(`${variable.name}.isUsed`, open);
      const fields = Object.entries(domain.fields).map(([name, field]): [string, NameFacts] => [
        name,
        field.domain.type === 'secret' ? secret : open,
      ]);
      const row = new Map([...fields, ['index', open] as const, ['index0', open] as const]);
      if (isSecure || fields.every(([, facts]) => !facts.isSecret)) {
        tables.set(variable.name, row);
      }
    } else if (isSecure || domain.type !== 'secret') {
      scalars.set(variable.name, domain.type === 'secret' ? secret : open);
    }
  }
  /** The certificate that vouches for our HTTPS, in lines of base64, where devices cannot know it. */
  scalars.set('authority.isUsed', open);
  /** Where it is to be had without TLS. */
  scalars.set('authority.url', open);
  tables.set('authority', new Map(Object.entries({ index: open, index0: open, line: open })));
  if (isSecure) {
    /** The PBX itself, whatever the first line registers with. */
    scalars.set('pbx.host', open);
    /** The first line once more: for what a device has only once. */
    for (const [name, facts] of Object.entries(lists['lines'] ?? {})) {
      scalars.set(`primary.${name}`, facts);
    }
    for (const [name, fields] of Object.entries(lists)) {
      tables.set(name, new Map(Object.entries(fields)));
    }
  }
  return { scalars, lists: tables };
}
