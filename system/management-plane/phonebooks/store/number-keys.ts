/**
 * Numbers of contacts in the form under which callers are found. The telephone plans are loaded with
 * the first number: a system without contacts does not pay for them.
 */
import type * as Min from 'libphonenumber-js/min';
import {
  type NumberPlan,
  shortNumberDigits,
  toLookupKey,
} from '../../../caller-names/lookup-key.ts';
import { toDialled, type ContactNumber } from '../contact.ts';

type Library = Pick<typeof Min, 'isSupportedCountry' | 'Metadata' | 'parsePhoneNumberFromString'>;

/** There a number's first 0 belongs to it. */
const keepsFirstZero: ReadonlySet<string> = new Set(['IT', 'VA', 'SM']);

const moreDigits = '0'.repeat(shortNumberDigits);

export class NumberKeys {
  readonly plan: NumberPlan;
  readonly #library: Library;
  readonly #country: string;

  /** `country`: two capital letters; of one that is unknown only numbers with country code are found. */
  static async load(country: string): Promise<NumberKeys> {
    return new NumberKeys(await import('libphonenumber-js/min'), country);
  }

  private constructor(library: Library, country: string) {
    this.#library = library;
    this.#country = country;
    this.plan = readPlan(library, country);
  }

  /** Empty when the number cannot be one. */
  toKey({ kind, number }: Pick<ContactNumber, 'kind' | 'number'>): string {
    const dialled = toDialled(number);
    if (kind === 'extension' || dialled.length <= shortNumberDigits || /[*#]/.test(dialled)) {
      return toLookupKey(dialled, this.plan, kind === 'extension');
    }
    const { isSupportedCountry, parsePhoneNumberFromString } = this.#library;
    const country = this.#country;
    const parsed = isSupportedCountry(country)
      ? parsePhoneNumberFromString(dialled, country)
      : parsePhoneNumberFromString(dialled);
    return parsed?.number ?? toLookupKey(dialled, this.plan);
  }

  /** The same of the beginning of a number. */
  toPrefix(beginning: string): string {
    // What is short is no number of this system: more digits follow.
    const key = toLookupKey(`${toDialled(beginning)}${moreDigits}`, this.plan);
    return key.slice(0, -moreDigits.length);
  }
}

function readPlan({ Metadata, isSupportedCountry }: Library, country: string): NumberPlan {
  if (!isSupportedCountry(country)) {
    return { countryCode: '', nationalPrefix: '', internationalPrefix: '' };
  }
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const { numberingPlan } = metadata as unknown as {
    readonly numberingPlan: {
      nationalPrefix(): string | undefined;
      callingCode(): string;
      IDDPrefix(): string;
    };
  };
  const internationalPrefix = numberingPlan.IDDPrefix();
  return {
    countryCode: numberingPlan.callingCode(),
    nationalPrefix: keepsFirstZero.has(country) ? '' : (numberingPlan.nationalPrefix() ?? ''),
    // Some are patterns of several prefixes; `00` is understood everywhere.
    internationalPrefix: /^\d+$/.test(internationalPrefix) ? internationalPrefix : '',
  };
}
