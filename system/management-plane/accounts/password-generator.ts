/**
 * Strong random passwords that can be read aloud and typed on a phone: no characters that look
 * alike, no special ones but `-`, `_` and `.`, and a letter first.
 */
import type { PasswordKind, PasswordPolicy } from './password-policy.ts';

const upper = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const lower = 'abcdefghijkmnpqrstuvwxyz';
const digits = '23456789';
const special = '-_.';
const letters = upper + lower;
const all = letters + digits + special;

/** 23 characters are 135 bits, more than any attack on a digest can try; 16 are 94, too many even for a quick hash. */
const leastLength: Readonly<Record<PasswordKind, number>> = { web: 16, sip: 23 };

/** A random integer from 0 to `end` - 1, as `randomInt` of node:crypto gives it. */
export type RandomBelow = (end: number) => number;

export function generatePassword(
  kind: PasswordKind,
  policy: Pick<PasswordPolicy, 'minimumLength'>,
  randomBelow: RandomBelow,
): string {
  const length = Math.max(leastLength[kind], policy.minimumLength);
  // Most attempts hold every class; those that do not are thrown away whole, which keeps all good
  // passwords equally likely.
  for (;;) {
    let password = pick(letters, randomBelow);
    while (password.length < length) {
      password += pick(all, randomBelow);
    }
    if ([upper, lower, digits, special].every((characters) => holdsOneOf(password, characters))) {
      return password;
    }
  }
}

function pick(characters: string, randomBelow: RandomBelow): string {
  return characters.charAt(randomBelow(characters.length));
}

function holdsOneOf(password: string, characters: string): boolean {
  return Array.from(characters).some((character) => password.includes(character));
}
