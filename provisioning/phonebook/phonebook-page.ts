/** What a phone asks of the phonebook and what is known to answer it, before any vendor's XML. */

export type EntryNumberKind = 'office' | 'mobile' | 'home' | 'other';

export interface PhonebookEntry {
  readonly id: string;
  readonly name: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly organization: string | undefined;
  /** At least one; as the phone dials them. */
  readonly numbers: readonly { readonly kind: EntryNumberKind; readonly number: string }[];
}

/** What a vendor's request means. */
export interface PhonebookQuery {
  /** Words to search by; empty: all. */
  readonly search: string;
  /** A number whose owner is asked for; then `search` does not count. */
  readonly number: string;
  /** Number of the first entry, from 0. */
  readonly offset: number;
  readonly limit: number;
}

export interface PhonebookPage {
  readonly title: string;
  readonly query: PhonebookQuery;
  readonly entries: readonly PhonebookEntry[];
  /** Of all pages. */
  readonly total: number;
  /** The address of another page or search, with the device's token. */
  readonly addressOf: (parameters: Readonly<Record<string, string>>) => string;
  readonly words: PhonebookWords;
}

/** In the language of the device's user. */
export interface PhonebookWords {
  readonly search: string;
  readonly name: string;
  readonly next: string;
  readonly previous: string;
  readonly dial: string;
  readonly nothing: string;
}

export interface PhonebookFormat {
  readonly contentType: string;
  readonly read: (parameters: URLSearchParams) => PhonebookQuery;
  readonly write: (page: PhonebookPage) => string;
}

/** Words of a search in a request, shortened to what is ever looked at. */
export function readText(parameters: URLSearchParams, ...names: readonly string[]): string {
  for (const name of names) {
    const value = parameters.get(name)?.trim() ?? '';
    // Some send `*` for what was not typed, others their macro.
    if (value !== '' && value !== '*' && value !== '#SEARCH') {
      return value.replace(/^\*|\*$/g, '').slice(0, 100);
    }
  }
  return '';
}

/** A whole number in a request, or the one to assume. */
export function readCount(parameters: URLSearchParams, name: string, otherwise: number): number {
  const text = parameters.get(name) ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : otherwise;
}
