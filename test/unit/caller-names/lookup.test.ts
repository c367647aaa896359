/** Numbers of contacts and of callers meet under one key, and the table tells whose name is shown. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CallerNames,
  CallerNamesCompiler,
} from '../../../system/caller-names/caller-name-table.ts';
import { toLookupKey } from '../../../system/caller-names/lookup-key.ts';
import { NumberKeys } from '../../../system/management-plane/phonebooks/store/number-keys.ts';

const countries = {
  IT: await NumberKeys.load('IT'),
  DE: await NumberKeys.load('DE'),
  US: await NumberKeys.load('US'),
  RU: await NumberKeys.load('RU'),
  XX: await NumberKeys.load('XX'),
};

describe('the key of a number', () => {
  it.each([
    ['IT', '06 698 12345', '+390669812345'],
    ['IT', '347 1234567', '+393471234567'],
    ['IT', '0039 347 1234567', '+393471234567'],
    ['DE', '030 / 123456', '+4930123456'],
    ['DE', '+49 (0)30 123456', '+4930123456'],
    ['US', '(212) 555-2368', '+12125552368'],
    ['US', '1 212 555 2368', '+12125552368'],
    ['US', '011 39 06 69812345', '+390669812345'],
    ['RU', '8 495 123-45-67', '+74951234567'],
    ['IT', '112', '112'],
    ['IT', '101', '101'],
    ['IT', '*43', '*43'],
    ['XX', '+49 30 123456', '+4930123456'],
  ] as const)('in %s of %s is %s, for a contact and for a caller', (country, text, key) => {
    const keys = countries[country];

    expect(keys.toKey({ kind: 'office', number: text })).toBe(key);
    expect(toLookupKey(text, keys.plan)).toBe(key);
  });

  it('of what is no number is empty, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const key = toLookupKey(text, countries.DE.plan);
        expect(key).toMatch(/^(\+?[0-9*#]+)?$/);
        expect(key.length).toBeLessThan(30);
      }),
    );
    expect(toLookupKey('anonymous', countries.DE.plan)).toBe('');
  });

  it('of a long extension stays the extension', () => {
    expect(countries.DE.toKey({ kind: 'extension', number: '10012345' })).toBe('10012345');
    expect(toLookupKey('10012345', countries.DE.plan, true)).toBe('10012345');
  });
});

describe('the table of names', () => {
  it('shows the reader’s own name first, and others’ books to nobody', () => {
    const compiler = new CallerNamesCompiler({
      plan: countries.IT.plan,
      books: [{ readers: ['anna'] }, { readers: ['bruno', 'carla'] }, { readers: undefined }],
    });
    compiler.add({ key: '+393471234567', book: 0, name: 'Mamma' });
    compiler.add({ key: '+393471234567', book: 2, name: 'Maria Иванова' });
    compiler.add({ key: '101', book: 1, name: 'Reception' });
    const names = new CallerNames(compiler.compile());

    expect(names.find('347 1234567', false, 'anna')).toBe('Mamma');
    expect(names.find('+393471234567', false, 'bruno')).toBe('Maria Иванова');
    expect(names.find('00393471234567', false, undefined)).toBe('Maria Иванова');
    expect(names.find('101', true, 'carla')).toBe('Reception');
    expect(names.find('101', true, 'anna')).toBeUndefined();
    expect(names.find('102', true, 'carla')).toBeUndefined();
    expect(names.find('Anna <script>', false, 'anna')).toBeUndefined();
  });

  it('finds each of many numbers, and none that is not there', () => {
    const compiler = new CallerNamesCompiler({
      plan: countries.IT.plan,
      books: [{ readers: undefined }],
    });
    for (let index = 0; index < 20_000; index += 1) {
      compiler.add({
        key: `+39${String(3_470_000_000 + index)}`,
        book: 0,
        name: `N ${String(index)}`,
      });
    }
    const names = new CallerNames(compiler.compile());

    for (let index = 0; index < 20_000; index += 37) {
      expect(names.find(String(3_470_000_000 + index), false, 'x')).toBe(`N ${String(index)}`);
    }
    expect(names.find('3480000000', false, 'x')).toBeUndefined();
  });
});
