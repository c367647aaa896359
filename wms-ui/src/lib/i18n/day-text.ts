/** Days as people of a locale write them, `31/12/2026`, and as filters keep them, `2026-12-31`. */

type Part = 'day' | 'month' | 'year';

export function formatDay(day: string, locale: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? '' : formatOf(locale).format(date);
}

/** A form to follow, such as `gg/mm/aaaa`, made of the letters for each part. */
export function dayPattern(locale: string, letters: Readonly<Record<Part, string>>): string {
  return formatOf(locale)
    .formatToParts(0)
    .map(({ type, value }) => (isPart(type) ? letters[type] : value))
    .join('');
}

/** With any separators; undefined when it is no day of the calendar. Takes `2026-12-31` too. */
export function parseDay(text: string, locale: string): string | undefined {
  const numbers = /^(\d+)\D+(\d+)\D+(\d+)$/.exec(text.trim())?.slice(1) ?? [];
  const order: readonly Part[] = /^\d{4}\D/.test(text.trim())
    ? ['year', 'month', 'day']
    : formatOf(locale)
        .formatToParts(0)
        .map(({ type }) => type)
        .filter(isPart);
  const valueOf = (part: Part): string => numbers[order.indexOf(part)] ?? '';
  const day = [
    valueOf('year').padStart(3, '0').padStart(4, '2'),
    valueOf('month').padStart(2, '0'),
    valueOf('day').padStart(2, '0'),
  ].join('-');
  const date = new Date(`${day}T00:00:00Z`);
  // 31 February is a day of March to Date.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : undefined;
}

function isPart(type: string): type is Part {
  return type === 'day' || type === 'month' || type === 'year';
}

function formatOf(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
