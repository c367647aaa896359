/**
 * The filters of the template language: small pure functions on one value, chosen by name when the
 * template is compiled. `undefined` in means `undefined` out unless a filter says otherwise, and a
 * line with an undefined value is left out of the file.
 */
import { parseIpv4 } from '../ipv4.ts';
import type { TemplateValue } from './value.ts';

/** A value inside an expression; secrets have been revealed and are tracked beside it. */
export type PlainValue = Exclude<TemplateValue, { reveal(): string }>;
export type Filter = (value: PlainValue) => PlainValue;
export type ValueMap = Readonly<Record<string, string>>;

interface FilterKind {
  readonly arguments: readonly [minimum: number, maximum: number];
  create(args: readonly string[], maps: Readonly<Record<string, ValueMap>>): Filter;
}

/** Thrown while compiling; the compiler adds template and line. */
export class FilterError extends Error {}

export function toText(value: Exclude<PlainValue, undefined>): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'object'
      ? value.join(',')
      : String(value);
}

/** A filter on a number; text that is no number is taken as undefined. */
function onNumber(compute: (value: number) => number | string): Filter {
  return (value) => {
    const number = typeof value === 'number' ? value : Number(value);
    return typeof value === 'boolean' || value === undefined || Number.isNaN(number)
      ? undefined
      : compute(number);
  };
}

/** Filters one behind the other could multiply a text without end. */
const maximumCharacters = 65_536;
const maximumArgumentCharacters = 100;
const maximumWidth = 64;

function onText(compute: (value: string) => PlainValue): Filter {
  return (value) => (value === undefined ? undefined : toBounded(compute(toText(value))));
}

function toBounded(value: PlainValue): PlainValue {
  return typeof value === 'string' ? value.slice(0, maximumCharacters) : value;
}

function integer(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) {
    throw new FilterError(`${text} is not a whole number`);
  }
  return Number(text);
}

const kinds: Readonly<Record<string, FilterKind>> = {
  /** Translates by a map of the vendor; a value outside the map is undefined. */
  map: {
    arguments: [1, 1],
    create: ([name = ''], maps) => {
      const map = Object.hasOwn(maps, name) ? maps[name] : undefined;
      if (map === undefined) {
        throw new FilterError(`there is no map ${name}`);
      }
      const entries = new Map(Object.entries(map));
      return (value) =>
        typeof value === 'object'
          ? value.flatMap((entry) => entries.get(entry) ?? [])
          : value === undefined
            ? undefined
            : entries.get(toText(value));
    },
  },
  /** The argument where the value is undefined. */
  default: {
    arguments: [1, 1],
    create:
      ([fallback = '']) =>
      (value) =>
        value ?? fallback,
  },
  /** `bool:Yes:No` */
  bool: {
    arguments: [2, 2],
    create:
      ([yes = '', no = '']) =>
      (value) =>
        value === undefined ? undefined : isYes(value) ? yes : no,
  },
  plus: { arguments: [1, 1], create: ([a = '']) => bind(integer(a), (n, b) => n + b) },
  times: { arguments: [1, 1], create: ([a = '']) => bind(integer(a), (n, b) => n * b) },
  /** Division rounded up: seconds to minutes for instance. */
  over: { arguments: [1, 1], create: ([a = '']) => bind(integer(a), (n, b) => Math.ceil(n / b)) },
  /** `clamp:1:60` */
  clamp: {
    arguments: [2, 2],
    create: ([low = '', high = '']) => {
      const minimum = integer(low);
      const maximum = integer(high);
      return onNumber((value) => Math.min(maximum, Math.max(minimum, value)));
    },
  },
  /** `nearest:120:240:360`: the closest of the numbers that the vendor takes, the first of two. */
  nearest: {
    arguments: [1, 9],
    create: (args) => {
      const numbers = args.map(integer);
      return onNumber((value) =>
        numbers.reduce((best, number) =>
          Math.abs(number - value) < Math.abs(best - value) ? number : best,
        ),
      );
    },
  },
  /** Leading zeros up to a width. */
  pad: {
    arguments: [1, 1],
    create: ([a = '']) => {
      const width = integer(a);
      if (width > maximumWidth) {
        throw new FilterError(`${a} is wider than ${String(maximumWidth)}`);
      }
      return onNumber((value) => String(value).padStart(width, '0'));
    },
  },
  /** Bit N alone: 0 gives 1, 3 gives 8. */
  bit: {
    arguments: [0, 0],
    create: () => onNumber((value) => (value >= 0 && value < 31 ? 1 << value : 0)),
  },
  hex: {
    arguments: [0, 0],
    create: () => onNumber((value) => `0x${Math.trunc(value).toString(16)}`),
  },
  /** An IPv4 address as the number it is. */
  ipv4: { arguments: [0, 0], create: () => onText((text) => parseIpv4(text)) },
  /** `slice:2:4`: the third and fourth character; undefined where the text is shorter. */
  slice: {
    arguments: [2, 2],
    create: ([from = '', to = '']) => {
      const start = integer(from);
      const end = integer(to);
      return onText((text) => (text.length < end ? undefined : text.slice(start, end)));
    },
  },
  upper: { arguments: [0, 0], create: () => onText((text) => text.toUpperCase()) },
  lower: { arguments: [0, 0], create: () => onText((text) => text.toLowerCase()) },
  /** At most so many characters, never half of a surrogate pair. */
  limit: {
    arguments: [1, 1],
    create: ([a = '']) => {
      const maximum = integer(a);
      return onText((text) =>
        text.length <= maximum ? text : Array.from(text).slice(0, maximum).join(''),
      );
    },
  },
  /** Takes single characters out: those that have a meaning in the vendor's own syntax. */
  without: {
    arguments: [1, 1],
    create: ([characters = '']) =>
      onText((text) =>
        Array.from(text)
          .filter((character) => !characters.includes(character))
          .join(''),
      ),
  },
  withoutQuotes: { arguments: [0, 0], create: () => onText((text) => text.replaceAll('"', '')) },
  /** Between quotation marks where it has one of these characters, which would begin a remark. */
  quoteFor: {
    arguments: [1, 1],
    create: ([characters = '']) =>
      onText((text) =>
        Array.from(characters).some((character) => text.includes(character))
          ? `"${text.replaceAll('"', '')}"`
          : text,
      ),
  },
  replace: {
    arguments: [2, 2],
    create: ([from = '', to = '']) => onText((text) => text.replaceAll(from, to)),
  },
  join: {
    arguments: [1, 1],
    create:
      ([separator = '']) =>
      (value) =>
        typeof value === 'object'
          ? value.length === 0
            ? undefined
            : value.join(separator)
          : value,
  },
  /** `each:"(":"=%)"`: every word of a text or entry of a list between a prefix and a suffix. */
  each: {
    arguments: [2, 2],
    create:
      ([prefix = '', suffix = '']) =>
      (value) =>
        value === undefined
          ? undefined
          : toBounded(
              (typeof value === 'object' ? value : toText(value).split(' '))
                .filter((word) => word !== '')
                .map((word) => prefix + word + suffix)
                .join(''),
            ),
  },
  /** Entry N of a list or word N of a text, from 0. */
  at: {
    arguments: [1, 1],
    create: ([a = '']) => {
      const index = integer(a);
      return (value) =>
        value === undefined
          ? undefined
          : (typeof value === 'object' ? value : toText(value).split(' '))[index];
    },
  },
  /** Entry N of a list, from the beginning again where the list is shorter. */
  cycle: {
    arguments: [1, 1],
    create: ([a = '']) => {
      const index = integer(a);
      return (value) =>
        typeof value === 'object' && value.length > 0 ? value[index % value.length] : undefined;
    },
  },
  /** Percent-encoding for a URL component (RFC 3986). */
  url: {
    arguments: [0, 0],
    create: () => onText((text) => encodeURIComponent(text.toWellFormed())),
  },
  /** A URL without scheme and file name: what vendors call a server path. */
  directory: {
    arguments: [0, 0],
    create: () => onText((text) => text.replace(/^[a-z]+:\/\//, '').replace(/(?<=.)\/[^/]*$/, '')),
  },
  /** The part before the first occurrence. */
  before: {
    arguments: [1, 1],
    create: ([separator = '']) => onText((text) => text.split(separator, 1)[0]),
  },
};

function bind(
  operand: number,
  compute: (value: number, operand: number) => number | string,
): Filter {
  return onNumber((value) => compute(value, operand));
}

/** What `@if` and `bool` take for yes: everything but false, nothing, an empty text or list. */
export function isYes(value: PlainValue): boolean {
  return !(
    value === undefined ||
    value === false ||
    value === '' ||
    (typeof value === 'object' && value.length === 0)
  );
}

/** Throws FilterError for an unknown filter, a wrong number of arguments or an unknown map. */
export function createFilter(
  name: string,
  args: readonly string[],
  maps: Readonly<Record<string, ValueMap>>,
): Filter {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) {
    throw new FilterError(`there is no filter ${name}`);
  }
  if (args.some((argument) => argument.length > maximumArgumentCharacters)) {
    throw new FilterError(
      `filter ${name} takes arguments of at most ${String(maximumArgumentCharacters)} characters`,
    );
  }
  const [minimum, maximum] = kind.arguments;
  if (args.length < minimum || args.length > maximum) {
    throw new FilterError(
      `filter ${name} takes ${minimum === maximum ? minimum : `${minimum}–${maximum}`} arguments`,
    );
  }
  return kind.create(args, maps);
}
