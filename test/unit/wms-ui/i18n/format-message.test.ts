import { describe, expect, test } from 'vitest';
import { dayPattern, formatDay, parseDay } from '../../../../wms-ui/src/lib/i18n/day-text.ts';
import { formatClock } from '../../../../wms-ui/src/lib/i18n/duration.ts';
import { formatMessage, placeholdersOf } from '../../../../wms-ui/src/lib/i18n/format-message.ts';
import { chooseLanguage, chooseLocale } from '../../../../wms-ui/src/lib/i18n/language.ts';

const users = { zero: 'nobody', one: '{count} user', other: '{count} users' };

describe('a message', () => {
  test.each([
    ['plain', {}, 'en-GB', 'plain'],
    ['{name} dials {number}', { name: 'Anna', number: '101' }, 'en-GB', 'Anna dials 101'],
    ['{size} rows', { size: 12_345 }, 'it-IT', '12.345 rows'],
    [users, { count: 0 }, 'en-GB', 'nobody'],
    [users, { count: 1 }, 'en-GB', '1 user'],
    [users, { count: 1_500 }, 'en-GB', '1,500 users'],
    [users, { count: 15_000 }, 'it-IT', '15.000 users'],
  ])('%j with %j in %s', (message, args, locale, text) => {
    expect(formatMessage(message, args, locale)).toBe(text);
  });

  test('shows a placeholder that got no argument, so that it is noticed', () => {
    expect(formatMessage('Hello {name}', {}, 'en-GB')).toBe('Hello {name}');
  });

  test('takes an argument as text, never as another placeholder', () => {
    const text = formatMessage('{name} {number}', { name: '{number}', number: '1' }, 'en-GB');
    expect(text).toBe('{number} 1');
  });

  test('names its placeholders once, sorted', () => {
    expect(placeholdersOf('{b} {a} {b}')).toEqual(['a', 'b']);
    expect(placeholdersOf(users)).toEqual(['count']);
  });
});

describe('the language of a browser', () => {
  test.each([
    [['it-CH', 'en'], 'it', 'it-CH'],
    [['de-DE', 'it'], 'it', 'it-IT'],
    [['en-US'], 'en', 'en-US'],
    [['ja'], 'en', 'en-GB'],
    [[], 'en', 'en-GB'],
  ])('%j gets %s with dates of %s', (wanted, language, locale) => {
    const chosen = chooseLanguage(wanted);
    expect(chosen).toBe(language);
    expect(chooseLocale(chosen, wanted)).toBe(locale);
  });
});

describe('a duration', () => {
  test.each([
    [-5_000, '0:00'],
    [7_999, '0:07'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
    [90_000_000, '25:00:00'],
  ])('of %i ms reads %s', (durationMs, text) => {
    expect(formatClock(durationMs)).toBe(text);
  });
});

describe('a day', () => {
  test.each([
    ['it-IT', '31/12/2026', 'd/m/y'],
    ['en-GB', '31/12/2026', 'd/m/y'],
    ['en-US', '12/31/2026', 'm/d/y'],
    ['de-DE', '31.12.2026', 'd.m.y'],
  ])('is written and read in the way of %s', (locale, text, pattern) => {
    expect(formatDay('2026-12-31', locale)).toBe(text);
    expect(parseDay(text, locale)).toBe('2026-12-31');
    expect(dayPattern(locale, { day: 'd', month: 'm', year: 'y' })).toBe(pattern);
  });

  test.each([
    ['1.2.26', '2026-02-01'],
    [' 01-02-2026 ', '2026-02-01'],
    ['2026-02-01', '2026-02-01'],
    ['31/02/2026', undefined],
    ['13/2026', undefined],
    ['tomorrow', undefined],
  ])('typed in Italian as %j is %j', (text, day) => {
    expect(parseDay(text, 'it-IT')).toBe(day);
  });

  test('that is none is shown as nothing', () => {
    expect(formatDay('', 'it-IT')).toBe('');
  });
});
