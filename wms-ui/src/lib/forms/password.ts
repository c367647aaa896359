/** Hints and generator for web passwords. The server decides; this only helps the person at the form. */
export interface PasswordRules {
  readonly minLength: number;
  readonly needsUpper: boolean;
  readonly needsLower: boolean;
  readonly needsDigit: boolean;
  readonly needsSpecial: boolean;
}

export type PasswordHint = 'length' | 'upper' | 'lower' | 'digit' | 'special';

export interface CheckedHint {
  readonly hint: PasswordHint;
  readonly isMet: boolean;
}

/** What the rules ask for, each with whether the password has it. */
export function checkPassword(rules: PasswordRules, password: string): readonly CheckedHint[] {
  const hints: CheckedHint[] = [
    { hint: 'length', isMet: Array.from(password).length >= rules.minLength },
  ];
  if (rules.needsUpper) {
    hints.push({ hint: 'upper', isMet: /\p{Lu}/u.test(password) });
  }
  if (rules.needsLower) {
    hints.push({ hint: 'lower', isMet: /\p{Ll}/u.test(password) });
  }
  if (rules.needsDigit) {
    hints.push({ hint: 'digit', isMet: /\d/.test(password) });
  }
  if (rules.needsSpecial) {
    hints.push({ hint: 'special', isMet: /[^\p{L}\p{N}]/u.test(password) });
  }
  return hints;
}

/** Without characters that look alike. */
const characters = {
  upper: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  lower: 'abcdefghijkmnpqrstuvwxyz',
  digit: '23456789',
  special: '-_.',
};

/** A password that meets any rules: at least 16 characters, one of each kind. */
export function generatePassword(minLength: number, randomBelow: (end: number) => number): string {
  const length = Math.max(16, minLength);
  const kinds = Object.values(characters);
  const all = kinds.join('');
  for (;;) {
    const password = Array.from({ length }, () => all.charAt(randomBelow(all.length))).join('');
    // Throwing incomplete ones away whole keeps all complete ones equally likely.
    if (kinds.every((kind) => Array.from(kind).some((character) => password.includes(character)))) {
      return password;
    }
  }
}

/** A random integer from 0 to `end` - 1, without bias. */
export function randomBelow(end: number): number {
  const limit = Math.floor(0x1_0000_0000 / end) * end;
  const values = new Uint32Array(1);
  for (;;) {
    crypto.getRandomValues(values);
    const value = values[0] ?? 0;
    if (value < limit) {
      return value % end;
    }
  }
}
