/**
 * The language of the page: the table in use, and dates and numbers in the way of the locale.
 * Reading a text in a component makes it change with the language.
 */
import type enTable from './en.json';
import { formatMessage, type Message, type MessageArguments } from './format-message.ts';
import { ServerTexts, type ServerTextTable } from './server-texts.ts';
import { chooseLanguage, chooseLocale, isLanguage, type Language } from './language.ts';

export type TextKey = keyof typeof enTable;
type Table = Readonly<Record<string, Message>>;

const storageKey = 'campanile.language';

const loaders: Readonly<Record<Language, () => Promise<Table>>> = {
  en: async () => (await import('./en.json')).default,
  it: async () => (await import('./it.json')).default,
};

/** Sentences of the server, which are English at first. */
const serverTextLoaders: Readonly<Record<Language, () => Promise<ServerTextTable>>> = {
  en: () => Promise.resolve({}),
  it: async () => (await import('./it.server.json')).default,
};

class I18n {
  #language = $state<Language>('en');
  #locale = $state('en-GB');
  #table = $state.raw<Table>({});
  #serverTexts = $state.raw(new ServerTexts({}));
  #formats = new Map<string, Intl.DateTimeFormat>();

  get language(): Language {
    return this.#language;
  }

  get locale(): string {
    return this.#locale;
  }

  /** Loads the language chosen in this browser, or the browser's own. */
  async start(): Promise<void> {
    const stored = localStorage.getItem(storageKey);
    await this.#use(isLanguage(stored) ? stored : chooseLanguage(navigator.languages));
  }

  /** The account's language applies unless another one was chosen in this browser. */
  async follow(language: string): Promise<void> {
    if (isLanguage(language) && localStorage.getItem(storageKey) === null) {
      await this.#use(language);
    }
  }

  /** Switches and remembers the choice in this browser. */
  async choose(language: Language): Promise<void> {
    localStorage.setItem(storageKey, language);
    await this.#use(language);
  }

  text(key: TextKey, args: MessageArguments = {}): string {
    return this.find(key, args) ?? key;
  }

  /** For keys made of codes the server may have learned later than this table. */
  find(key: string, args: MessageArguments = {}): string | undefined {
    const message = this.#table[key];
    return message === undefined ? undefined : formatMessage(message, args, this.#locale);
  }

  /** A sentence, or lines of them, that the server wrote in English. */
  serverText(text: string): string {
    return this.#serverTexts.tell(text);
  }

  /** Undefined where nobody translated it. */
  findServerText(sentence: string): string | undefined {
    return this.#language === 'en' ? sentence : this.#serverTexts.find(sentence);
  }

  number(value: number, maximumFractionDigits = 0): string {
    return new Intl.NumberFormat(this.#locale, { maximumFractionDigits }).format(value);
  }

  /** One digit after the point, always: scores that are compared. */
  score(value: number): string {
    return new Intl.NumberFormat(this.#locale, {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }).format(value);
  }

  percent(ratio: number): string {
    return new Intl.NumberFormat(this.#locale, {
      style: 'percent',
      maximumFractionDigits: 2,
    }).format(ratio);
  }

  dateTime(atMs: number): string {
    return this.#format('dateTime', { dateStyle: 'medium', timeStyle: 'medium' }).format(atMs);
  }

  /** Whole, with the time zone: of the browser, as all times of the pages. */
  moment(atMs: number): string {
    return this.#format('moment', { dateStyle: 'full', timeStyle: 'long' }).format(atMs);
  }

  /** Today only the time, otherwise day and time without the year when it is this year's. */
  shortDateTime(atMs: number, nowMs: number): string {
    const at = new Date(atMs);
    const now = new Date(nowMs);
    if (at.toDateString() === now.toDateString()) {
      return this.time(atMs);
    }
    return at.getFullYear() === now.getFullYear()
      ? this.#format('day', {
          day: 'numeric',
          month: 'short',
          hour: '2-digit',
          minute: '2-digit',
        }).format(at)
      : this.#format('date', { dateStyle: 'medium' }).format(at);
  }

  time(atMs: number): string {
    return this.#format('time', { timeStyle: 'medium' }).format(atMs);
  }

  /** `14:00` */
  hour(atMs: number): string {
    return this.#format('hour', { timeStyle: 'short' }).format(atMs);
  }

  /** `in 5 minutes`, `2 hours ago`. */
  relative(atMs: number, nowMs: number): string {
    const seconds = Math.round((atMs - nowMs) / 1000);
    const format = new Intl.RelativeTimeFormat(this.#locale, { numeric: 'auto' });
    const size = Math.abs(seconds);
    if (size < 60) {
      return format.format(seconds, 'second');
    }
    if (size < 3600) {
      return format.format(Math.round(seconds / 60), 'minute');
    }
    if (size < 86_400) {
      return format.format(Math.round(seconds / 3600), 'hour');
    }
    return format.format(Math.round(seconds / 86_400), 'day');
  }

  /** `A, B or C`. */
  formatAlternatives(items: readonly string[]): string {
    return new Intl.ListFormat(this.#locale, { type: 'disjunction' }).format(items);
  }

  #format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = `${this.#locale} ${name}`;
    let format = this.#formats.get(key);
    if (format === undefined) {
      format = new Intl.DateTimeFormat(this.#locale, options);
      this.#formats.set(key, format);
    }
    return format;
  }

  async #use(language: Language): Promise<void> {
    const [table, serverTexts] = await Promise.all([
      loaders[language](),
      serverTextLoaders[language](),
    ]);
    this.#table = table;
    this.#serverTexts = new ServerTexts(serverTexts);
    this.#language = language;
    this.#locale = chooseLocale(language, navigator.languages);
    document.documentElement.lang = language;
  }
}

export const i18n = new I18n();

/** The text of a key in the page's language. */
export function t(key: TextKey, args?: MessageArguments): string {
  return i18n.text(key, args);
}
