/** Search filters (RFC 4511 §4.5.1.7) out of their bytes, with limits on size and depth. Pure. */
import { BerReader, tag } from './ber.ts';
import { LdapError } from './ldap-error.ts';

export type LdapFilter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly LdapFilter[] }
  | { readonly kind: 'not'; readonly filter: LdapFilter }
  | {
      readonly kind: 'equal' | 'approx' | 'greater' | 'less';
      readonly attribute: string;
      readonly value: string;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      /** Empty where it is open. */
      readonly initial: string;
      readonly any: readonly string[];
      readonly final: string;
    }
  | { readonly kind: 'present'; readonly attribute: string }
  /** A rule that nobody knows here: neither true nor false. */
  | { readonly kind: 'unknown' };

export const filterLimits = { depth: 16, parts: 64, valueCharacters: 256 } as const;

const choice = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equal: 0xa3,
  substrings: 0xa4,
  greater: 0xa5,
  less: 0xa6,
  present: 0x87,
  approx: 0xa8,
  extensible: 0xa9,
} as const;

/** Throws LdapError. */
export function readFilter(reader: BerReader): LdapFilter {
  return readPart(reader, 0, { parts: 0 });
}

function readPart(reader: BerReader, depth: number, counter: { parts: number }): LdapFilter {
  counter.parts += 1;
  if (depth > filterLimits.depth || counter.parts > filterLimits.parts) {
    throw new LdapError('too-large', 'the filter has too many parts');
  }
  const { tag: found, value } = reader.readAny();
  const inner = new BerReader(value);
  switch (found) {
    case choice.and:
    case choice.or: {
      const filters: LdapFilter[] = [];
      while (!inner.isAtEnd) {
        filters.push(readPart(inner, depth + 1, counter));
      }
      return { kind: found === choice.and ? 'and' : 'or', filters };
    }
    case choice.not:
      return { kind: 'not', filter: readPart(inner, depth + 1, counter) };
    case choice.equal:
      return readAssertion('equal', inner);
    case choice.approx:
      return readAssertion('approx', inner);
    case choice.greater:
      return readAssertion('greater', inner);
    case choice.less:
      return readAssertion('less', inner);
    case choice.substrings:
      return readSubstrings(inner, counter);
    case choice.present:
      return { kind: 'present', attribute: toAttribute(value.toString('utf8')) };
    case choice.extensible:
      return { kind: 'unknown' };
    default:
      throw new LdapError('malformed', 'a filter of no known kind');
  }
}

function readAssertion(
  kind: 'equal' | 'approx' | 'greater' | 'less',
  reader: BerReader,
): LdapFilter {
  const attribute = toAttribute(reader.readString());
  return { kind, attribute, value: toValue(reader.readString()) };
}

function readSubstrings(reader: BerReader, counter: { parts: number }): LdapFilter {
  const attribute = toAttribute(reader.readString());
  const pieces = reader.readSequence(tag.sequence);
  let initial = '';
  let final = '';
  const any: string[] = [];
  while (!pieces.isAtEnd) {
    counter.parts += 1;
    if (counter.parts > filterLimits.parts) {
      throw new LdapError('too-large', 'the filter has too many parts');
    }
    const { tag: found, value } = pieces.readAny();
    const text = toValue(value.toString('utf8'));
    if (found === 0x80) {
      initial = text;
    } else if (found === 0x81) {
      any.push(text);
    } else if (found === 0x82) {
      final = text;
    } else {
      throw new LdapError('malformed', 'a piece of no known kind');
    }
  }
  return { kind: 'substrings', attribute, initial, any, final };
}

/** Lower case, without options like `;lang-de`. */
function toAttribute(text: string): string {
  return toValue(text).split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function toValue(text: string): string {
  if (text.length > filterLimits.valueCharacters) {
    throw new LdapError('too-large', 'a value of the filter is too long');
  }
  return text;
}
