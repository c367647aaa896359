/**
 * How names are compared: without case and accents, letters that Unicode does not take apart spelled
 * out (ß as ss, ø as o). Who types `Mueller` finds Müller as well. Pure.
 */
import { foldForSearch } from '../../configuration-store/search-text.ts';

const spelledOut: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

const germanSpelling: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa' };

/** One space between words. */
export function foldName(text: string): string {
  return foldForSearch(text)
    .replace(/[ßæœøđðłþı]/g, (letter) => spelledOut[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The other spelling of a name with umlauts, folded; undefined when there is none. */
export function foldGerman(text: string): string | undefined {
  const lower = text.normalize('NFC').toLowerCase();
  return /[äöüå]/.test(lower)
    ? foldName(lower.replace(/[äöüå]/g, (letter) => germanSpelling[letter] ?? letter))
    : undefined;
}

/** The words of a search, folded; at most 8. */
export function foldWords(search: string | undefined): string[] {
  return foldName(search ?? '')
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, 8);
}
