/** Which languages WMS speaks, and which of them a browser gets. */
export const languages = ['en', 'it'] as const;
export type Language = (typeof languages)[number];

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

/** The first language of the browser that WMS speaks, English otherwise. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (isLanguage(language)) {
      return language;
    }
  }
  return 'en';
}

/**
 * The locale for dates and numbers: the browser's own variant of the language (`en-US`), so that a
 * date is written as its reader expects, otherwise a European default with a 24-hour clock.
 */
export function chooseLocale(language: Language, wanted: readonly string[]): string {
  const own = wanted.find((tag) => tag.toLowerCase().startsWith(`${language}-`));
  return own ?? (language === 'en' ? 'en-GB' : 'it-IT');
}
