import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generatePassword } from '../../../../system/management-plane/accounts/password-generator.ts';
import {
  findPasswordIssues,
  type PasswordKind,
  type PasswordPolicy,
} from '../../../../system/management-plane/accounts/password-policy.ts';

const strict: PasswordPolicy = {
  minimumLength: 12,
  requiresUpper: true,
  requiresLower: true,
  requiresDigit: true,
  requiresSpecial: true,
};
const lenient: PasswordPolicy = {
  minimumLength: 1,
  requiresUpper: false,
  requiresLower: false,
  requiresDigit: false,
  requiresSpecial: false,
};

function codesOf(
  password: string,
  policy: PasswordPolicy,
  kind: PasswordKind = 'web',
  owner: { login?: string; extension?: string; email?: string } = {},
): string[] {
  return findPasswordIssues(password, kind, policy, owner).map((issue) => issue.code);
}

describe('password policy', () => {
  test.each([
    ['Correct-Horse-42', []],
    ['Größe-und-Maß-42', []],
    ['Correct-Horse-4', []],
    [
      '',
      [
        'password-too-short',
        'password-needs-upper',
        'password-needs-lower',
        'password-needs-digit',
        'password-needs-special',
      ],
    ],
    ['correcthorse', ['password-needs-upper', 'password-needs-digit', 'password-needs-special']],
    ['CORRECT HORSE 42', ['password-needs-lower', 'password-needs-special']],
    ['Correct-Horse-42\n', ['password-has-control']],
    [`Aa1-${'x'.repeat(253)}`, ['password-too-long']],
  ])('[SEC-018] names every rule that %j breaks', (password, codes) => {
    expect(codesOf(password, strict)).toEqual(codes);
  });

  test('asks only for what the policy asks', () => {
    expect(codesOf('a', lenient)).toEqual([]);
    expect(codesOf('a', { ...lenient, minimumLength: 2 })).toEqual(['password-too-short']);
  });

  test.each(['wildix', 'Wildix', 'WILDIX'])(
    'never takes the factory password as %s',
    (password) => {
      expect(codesOf(password, lenient)).toEqual(['password-factory']);
      expect(codesOf(password, lenient, 'sip')).toEqual(['password-factory']);
    },
  );

  test('refuses the own login, e-mail name and long extension inside the password', () => {
    const owner = { login: 'mario.rossi', extension: '4711', email: 'rossi@example.com' };
    expect(codesOf('xMario.Rossi-2024', strict, 'web', owner)).toEqual(['password-has-name']);
    expect(codesOf('My-Rossi-2024x', strict, 'web', owner)).toEqual(['password-has-name']);
    expect(codesOf('Phone-4711-Here', strict, 'web', owner)).toEqual(['password-has-name']);
    expect(codesOf('Phone-101-Here', strict, 'web', { extension: '101' })).toEqual([]);
  });

  test('keeps SIP passwords to what every phone can type', () => {
    expect(codesOf('Größe-und-Maß-42', strict, 'sip')).toEqual(['password-not-ascii']);
    expect(codesOf('Correct-Horse-42', strict, 'sip')).toEqual([]);
  });

  test('[USR-009] generates passwords that meet the policy, without look-alike characters', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<PasswordKind>('web', 'sip'),
        fc.integer({ min: 8, max: 128 }),
        fc.infiniteStream(fc.nat()),
        (kind, minimumLength, numbers) => {
          const password = generatePassword(
            kind,
            { minimumLength },
            (end) => (numbers.next().value as number) % end,
          );
          expect(codesOf(password, { ...strict, minimumLength }, kind)).toEqual([]);
          expect(password).toMatch(/^[A-Za-z][A-Za-z2-9._-]+$/);
          expect(password).not.toMatch(/[01lIO]/);
          expect(password.length).toBeGreaterThanOrEqual(kind === 'web' ? 16 : 23);
        },
      ),
      { numRuns: 100 },
    );
  });
});
