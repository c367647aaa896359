import { describe, expect, test } from 'vitest';
import {
  checkPassword,
  generatePassword,
  randomBelow,
} from '../../../../wms-ui/src/lib/forms/password.ts';

const everything = {
  minLength: 12,
  needsUpper: true,
  needsLower: true,
  needsDigit: true,
  needsSpecial: true,
};

describe('the hints of a password form', () => {
  test.each([
    ['', ['length', 'upper', 'lower', 'digit', 'special']],
    ['abcdefghijkl', ['upper', 'digit', 'special']],
    ['Abc1-', ['length']],
    ['Àbcdefghij1!', []],
  ])('%j lacks %j', (password, lacking) => {
    const missing = checkPassword(everything, password).filter(({ isMet }) => !isMet);
    expect(missing.map(({ hint }) => hint)).toEqual(lacking);
  });

  test('ask for nothing that the policy does not ask for', () => {
    const rules = { ...everything, needsUpper: false, needsDigit: false, needsSpecial: false };
    expect(checkPassword(rules, 'x').map(({ hint }) => hint)).toEqual(['length', 'lower']);
  });
});

describe('a generated password', () => {
  test('meets every policy and has no characters that look alike', () => {
    for (const minLength of [8, 12, 40]) {
      const password = generatePassword(minLength, randomBelow);
      expect(
        checkPassword({ ...everything, minLength }, password).every((hint) => hint.isMet),
      ).toBe(true);
      expect(password.length).toBe(Math.max(16, minLength));
      expect(password).not.toMatch(/[IlO01]/);
    }
  });

  test('is thrown away whole when a kind of character is missing', () => {
    let calls = 0;
    // The first sixteen characters are all "A"; after that they run through the alphabet.
    const password = generatePassword(12, (end) => (calls++ < 16 ? 0 : (calls * 7) % end));
    expect(password).not.toMatch(/^A+$/);
    expect(calls).toBeGreaterThan(31);
  });
});
