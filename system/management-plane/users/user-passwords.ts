/** The passwords of a user on their way into a commit: chosen or generated, checked, hashed. */
import type { Settings } from '../../configuration/entities/settings.ts';
import { generatePassword, type RandomBelow } from '../accounts/password-generator.ts';
import type { PasswordToHash } from '../accounts/password-hash.ts';
import {
  findPasswordIssues,
  policyOf,
  type PasswordKind,
  type PasswordOwner,
} from '../accounts/password-policy.ts';
import type { UsersIssue } from './users-error.ts';

export type PasswordChoice = { readonly value: string } | { readonly generate: true };

/** Which passwords to set; one that is left out stays as it is. */
export interface PasswordChoices {
  readonly web?: PasswordChoice | undefined;
  readonly sip?: PasswordChoice | undefined;
}

/** Told once, to the one who asked for them. */
export interface GeneratedPasswords {
  readonly userId: string;
  readonly web?: string;
  readonly sip?: string;
}

/** Passwords in clear, on their way to where they are stored. */
export interface ClearPasswords {
  readonly web?: string;
  readonly sip?: string;
  readonly generated: { readonly web?: string; readonly sip?: string };
}

/** The web password for `PasswordHasher.hashAll`; undefined where there is none. */
export function webPasswordToHash(passwords: ClearPasswords): PasswordToHash | undefined {
  const { web, generated } = passwords;
  return web === undefined ? undefined : { text: web, isGenerated: generated.web !== undefined };
}

/** What is wrong with the passwords that were given. */
export function findChoiceIssues(
  choices: PasswordChoices,
  settings: Settings,
  owner: PasswordOwner,
): UsersIssue[] {
  const policy = policyOf(settings);
  const check = (kind: PasswordKind, choice: PasswordChoice | undefined): UsersIssue[] =>
    choice !== undefined && 'value' in choice
      ? findPasswordIssues(choice.value, kind, policy, owner)
      : [];
  return [...check('web', choices.web), ...check('sip', choices.sip)];
}

/** Generates what is to be generated. */
export function settlePasswords(
  choices: PasswordChoices,
  settings: Settings,
  randomBelow: RandomBelow,
): ClearPasswords {
  const policy = policyOf(settings);
  const generated: { web?: string; sip?: string } = {};
  const settle = (kind: PasswordKind): Partial<Record<PasswordKind, string>> => {
    const choice = choices[kind];
    if (choice === undefined) {
      return {};
    }
    if ('value' in choice) {
      return { [kind]: choice.value };
    }
    const password = generatePassword(kind, policy, randomBelow);
    generated[kind] = password;
    return { [kind]: password };
  };
  return { ...settle('web'), ...settle('sip'), generated };
}
