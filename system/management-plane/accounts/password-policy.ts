/** Which passwords are good enough: every rule that is broken is named, not only the first. */
import type { Settings } from '../../configuration/entities/settings.ts';
import type { AccountIssue } from './account-error.ts';
import { factoryPassword } from './factory-password.ts';
import { maximumPasswordLength } from './password-hash.ts';

export interface PasswordPolicy {
  /** In characters (code points). */
  readonly minimumLength: number;
  readonly requiresUpper: boolean;
  readonly requiresLower: boolean;
  readonly requiresDigit: boolean;
  readonly requiresSpecial: boolean;
}

/** The policy that the settings describe; it holds for both kinds of password. */
export function policyOf(settings: Settings): PasswordPolicy {
  return {
    minimumLength: settings.passwordMinLength,
    requiresUpper: settings.passwordNeedsUpper,
    requiresLower: settings.passwordNeedsLower,
    requiresDigit: settings.passwordNeedsDigit,
    requiresSpecial: settings.passwordNeedsSpecial,
  };
}

/** `web`: typed into a browser. `sip`: given to phones, whose menus know ASCII only. */
export type PasswordKind = 'web' | 'sip';

/** Words that must not be part of the password, e.g. login and extension of its owner. */
export interface PasswordOwner {
  readonly login?: string | undefined;
  readonly extension?: string | undefined;
  readonly email?: string | undefined;
}

/** Shorter names may well be part of a good password by chance. */
const shortestOwnName = 4;

export function findPasswordIssues(
  password: string,
  kind: PasswordKind,
  policy: PasswordPolicy,
  owner: PasswordOwner = {},
): AccountIssue[] {
  const issues: AccountIssue[] = [];
  const report = (code: string, message: string): void => {
    issues.push({ path: kind, code, message });
  };
  const { length } = Array.from(password);
  if (length < policy.minimumLength) {
    const minimum = String(policy.minimumLength);
    report('password-too-short', `The password needs at least ${minimum} characters`);
  }
  if (length > maximumPasswordLength) {
    const maximum = String(maximumPasswordLength);
    report('password-too-long', `The password may have at most ${maximum} characters`);
  }
  if (policy.requiresUpper && !/\p{Lu}/u.test(password)) {
    report('password-needs-upper', 'The password needs an upper-case letter');
  }
  if (policy.requiresLower && !/\p{Ll}/u.test(password)) {
    report('password-needs-lower', 'The password needs a lower-case letter');
  }
  if (policy.requiresDigit && !/\p{Nd}/u.test(password)) {
    report('password-needs-digit', 'The password needs a digit');
  }
  if (policy.requiresSpecial && !/[^\p{L}\p{Nd}\s]/u.test(password)) {
    report(
      'password-needs-special',
      'The password needs a character other than letters and digits',
    );
  }
  if (/\p{Cc}/u.test(password)) {
    report('password-has-control', 'The password must not hold control characters');
  } else if (kind === 'sip' && !/^[\x20-\x7e]*$/.test(password)) {
    report(
      'password-not-ascii',
      'A SIP password may only hold characters that every phone can type',
    );
  }
  const lower = password.toLowerCase();
  if (lower === factoryPassword) {
    report('password-factory', 'The factory password cannot be used');
  }
  const ownNames = [owner.login, owner.extension, owner.email?.split('@')[0]];
  if (
    ownNames.some(
      (name) =>
        name !== undefined && name.length >= shortestOwnName && lower.includes(name.toLowerCase()),
    )
  ) {
    report('password-has-name', 'The password must not hold the login, extension or e-mail name');
  }
  return issues;
}
