/** The few words that phones show around a phonebook, by language. */
import type { PhonebookWords } from './phonebook-page.ts';

export const phonebookTitles: Readonly<
  Record<'en' | 'it', { all: string; colleagues: string; shared: string; own: string }>
> = {
  en: { all: 'Phonebook', colleagues: 'Colleagues', shared: 'Contacts', own: 'My phonebook' },
  it: { all: 'Rubrica', colleagues: 'Colleghi', shared: 'Contatti', own: 'La mia rubrica' },
};

export const phonebookWords: Readonly<Record<'en' | 'it', PhonebookWords>> = {
  en: {
    search: 'Search',
    name: 'Name',
    next: 'Next',
    previous: 'Back',
    dial: 'Dial',
    nothing: 'Nothing found',
  },
  it: {
    search: 'Cerca',
    name: 'Nome',
    next: 'Avanti',
    previous: 'Indietro',
    dial: 'Chiama',
    nothing: 'Nessun risultato',
  },
};
