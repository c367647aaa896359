/**
 * Fills a sentence of a language table with its arguments. A message is a text with `{name}`
 * placeholders, or one text per plural category, chosen by the argument `count`.
 */
export interface PluralMessage {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

export type Message = string | PluralMessage;

/** Numbers are written the way of the locale; texts are taken as they are. */
export type MessageArguments = Readonly<Record<string, string | number>>;

const placeholder = /\{([a-zA-Z][a-zA-Z0-9]*)\}/g;

/** The sentence; a placeholder without an argument stays visible, so that it is noticed. */
export function formatMessage(message: Message, args: MessageArguments, locale: string): string {
  const text = typeof message === 'string' ? message : choosePlural(message, args['count'], locale);
  return text.replace(placeholder, (whole, name: string) => {
    const value = args[name];
    if (value === undefined) {
      return whole;
    }
    return typeof value === 'number' ? numberFormat(locale).format(value) : value;
  });
}

/** The names a message mentions, sorted; for a plural message those of its `other` text. */
export function placeholdersOf(message: Message): readonly string[] {
  const text = typeof message === 'string' ? message : message.other;
  const names = new Set<string>();
  for (const match of text.matchAll(placeholder)) {
    names.add(match[1] ?? '');
  }
  return [...names].sort();
}

function choosePlural(message: PluralMessage, count: string | number | undefined, locale: string) {
  if (typeof count !== 'number') {
    return message.other;
  }
  if (count === 0 && message.zero !== undefined) {
    return message.zero;
  }
  return message[pluralRules(locale).select(count)] ?? message.other;
}

const pluralRulesByLocale = new Map<string, Intl.PluralRules>();

function pluralRules(locale: string): Intl.PluralRules {
  let rules = pluralRulesByLocale.get(locale);
  if (rules === undefined) {
    rules = new Intl.PluralRules(locale);
    pluralRulesByLocale.set(locale, rules);
  }
  return rules;
}

const numberFormatByLocale = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string): Intl.NumberFormat {
  let format = numberFormatByLocale.get(locale);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    numberFormatByLocale.set(locale, format);
  }
  return format;
}
