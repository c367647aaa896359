/**
 * The user: a person, or a room, with a number, phones that register, and perhaps a web login.
 * The built-in administrator is a user with the id `admin`.
 */
import { z } from 'zod';
import { Entity, type DocumentOf } from './entity.ts';
import { defaultedField, optionalField, requiredField } from './field.ts';
import { foldUserPart } from './fold-user-part.ts';
import { lineOfText } from './line-of-text.ts';
import { phonePreferencesSchema, userKeysSchema } from './phone-profile.ts';
import type { ValidationIssue } from './validation-issue.ts';

export const builtInAdminId = 'admin';

export const userRoles = ['superadmin', 'admin', 'user'] as const;
export type UserRole = (typeof userRoles)[number];

export const languages = ['en', 'it'] as const;

/** Names that no one may log in with except the built-in administrator with the first. */
const reservedLogins: ReadonlySet<string> = new Set(['admin', 'administrator', 'root', 'system']);

/** What devices register as while they are unassigned, and the names of their SIP accounts. */
const namesOfDevices = /^(?:login[0-9a-f]+|[0-9a-f]{12}-[a-z0-9]{5,8})$/i;

/** What can be dialled as a name or a number: letters, digits and `. _ - + * #`. */
const dialableName = z
  .string()
  .regex(
    /^[A-Za-z0-9*#+][A-Za-z0-9._*#+-]{0,63}$/,
    'must consist of letters, digits and . _ - + * # and begin with none of . _ -',
  );

const administrators = ['superadmin', 'admin'] as const;

const userFields = {
  name: requiredField(lineOfText(100), {
    label: 'Name',
    help: 'Full name, shown to those who are called.',
    changeableBy: administrators,
    csvColumn: 'name',
  }),
  extension: optionalField(
    z.string().regex(/^\+?[0-9*#]{1,20}$/, 'must consist of digits, * and #, perhaps after a +'),
    {
      label: 'Extension',
      help: 'The number by which the user is called; unique over everything that can be dialled.',
      changeableBy: administrators,
      csvColumn: 'extension',
    },
  ),
  role: defaultedField(z.enum(userRoles), 'user', {
    label: 'Role',
    help: 'Users see their own things; administrators manage the system.',
    changeableBy: ['superadmin'],
    csvColumn: 'role',
  }),
  login: optionalField(
    z
      .string()
      .regex(
        /^[A-Za-z0-9*#+][A-Za-z0-9._*#+-]{0,63}$/,
        'must consist of letters, digits and . _ - + * #',
      ),
    {
      label: 'Login',
      help: 'Name for logging in to the web interface; the extension when empty.',
      changeableBy: administrators,
      csvColumn: 'login',
    },
  ),
  sipUsername: optionalField(dialableName, {
    label: 'SIP user name',
    help: 'With which phones of the user register; the extension when empty.',
    changeableBy: administrators,
    csvColumn: 'sip_username',
  }),
  aliases: defaultedField(z.array(dialableName).max(50), [], {
    label: 'Aliases',
    help: 'Further numbers and names that reach the user.',
    changeableBy: administrators,
    csvColumn: 'aliases',
  }),
  email: optionalField(z.email().max(254), {
    label: 'E-mail',
    help: 'Where notifications go; no other user may have the same.',
    changeableBy: administrators,
    csvColumn: 'email',
  }),
  mobilePhone: optionalField(
    z.string().regex(/^\+?[0-9][0-9 ()/.-]{1,30}$/, 'must be a telephone number'),
    {
      label: 'Mobile phone',
      help: 'Mobile number of the user.',
      changeableBy: ['superadmin', 'admin', 'self'],
      csvColumn: 'mobile_phone',
    },
  ),
  department: optionalField(lineOfText(100), {
    label: 'Department',
    help: 'Shown in lists and phonebooks.',
    changeableBy: administrators,
    csvColumn: 'department',
  }),
  language: defaultedField(z.enum(languages), 'en', {
    label: 'Language',
    help: 'Of the web interface.',
    changeableBy: ['superadmin', 'admin', 'self'],
    csvColumn: 'language',
  }),
  enabled: defaultedField(z.boolean(), true, {
    label: 'Enabled',
    help: 'A disabled user cannot register, call or log in.',
    changeableBy: administrators,
    csvColumn: 'enabled',
  }),
  mustChangePassword: defaultedField(z.boolean(), false, {
    label: 'Must change password',
    help: 'At the next login a new web password has to be chosen.',
    changeableBy: administrators,
  }),
  webPasswordHash: optionalField(z.string().max(300).startsWith('$argon2id$'), {
    label: 'Web password',
    help: 'For the web interface; stored as an Argon2id hash.',
    changeableBy: ['superadmin', 'admin', 'self'],
    isSecret: true,
  }),
  phoneKeys: defaultedField(userKeysSchema, [], {
    label: 'Phone keys',
    help: 'What the keys of the phones of the user do, from the first one on.',
    changeableBy: ['superadmin', 'admin', 'self'],
  }),
  phonePreferences: defaultedField(
    phonePreferencesSchema,
    {},
    {
      label: 'Phone preferences',
      help: 'Settings that the user takes along to every phone.',
      changeableBy: ['superadmin', 'admin', 'self'],
    },
  ),
  phonePinHash: optionalField(z.string().max(300).startsWith('$argon2id$'), {
    label: 'Phone PIN',
    help: 'For logging in at a phone; stored as an Argon2id hash.',
    changeableBy: ['superadmin', 'admin', 'self'],
    isSecret: true,
  }),
  sipCredentials: optionalField(z.string().max(2000).startsWith('sealed.'), {
    label: 'SIP password',
    help: 'With which phones authenticate; stored sealed.',
    changeableBy: administrators,
    isSecret: true,
    isSealed: true,
  }),
};

export type User = DocumentOf<typeof userFields>;
export type UserField = keyof typeof userFields;

export const userEntity = new Entity('user', userFields, checkUser);
/** A user without secrets and without what only his phones are interested in. */
export type PublicUser = Omit<
  User,
  'webPasswordHash' | 'sipCredentials' | 'phoneKeys' | 'phonePreferences' | 'phonePinHash'
>;

/** With which name phones register; undefined for an administrator without any number. */
export function sipUsernameOf(user: Pick<User, 'sipUsername' | 'extension'>): string | undefined {
  return user.sipUsername ?? user.extension;
}

/** With which name the user logs in to the web interface. */
export function loginOf(user: Pick<User, 'login' | 'extension'>): string | undefined {
  return user.login ?? user.extension;
}

export interface DialableNumber {
  /** As written by the administrator. */
  readonly number: string;
  /** The field it comes from: `extension`, `sipUsername`, `aliases.0`. */
  readonly path: string;
}

/**
 * Everything that reaches the user when dialled. The SIP user name is part of it, because it is
 * the user part of the address-of-record (RFC 3261 §10).
 */
export function dialableNumbersOf(
  user: Pick<User, 'extension' | 'sipUsername' | 'aliases'>,
): DialableNumber[] {
  const numbers: DialableNumber[] = [];
  if (user.extension !== undefined) {
    numbers.push({ number: user.extension, path: 'extension' });
  }
  const isExtension =
    user.extension !== undefined &&
    user.sipUsername !== undefined &&
    foldUserPart(user.extension) === foldUserPart(user.sipUsername);
  if (user.sipUsername !== undefined && !isExtension) {
    numbers.push({ number: user.sipUsername, path: 'sipUsername' });
  }
  for (const [index, alias] of user.aliases.entries()) {
    numbers.push({ number: alias, path: `aliases.${index.toString()}` });
  }
  return numbers;
}

/** What people call the user in messages: name and, where there is one, number. */
export function titleOfUser(user: Pick<User, 'name' | 'extension'>): string {
  return user.extension === undefined ? user.name : `${user.name} (${user.extension})`;
}

function checkUser(user: User, id: string): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const isBuiltIn = id === builtInAdminId;
  if (isBuiltIn !== (user.role === 'superadmin')) {
    issues.push({
      path: 'role',
      code: 'built-in',
      message: isBuiltIn
        ? 'the built-in administrator keeps the role superadmin'
        : 'only the built-in administrator has the role superadmin',
    });
  }
  if (isBuiltIn && !user.enabled) {
    issues.push({
      path: 'enabled',
      code: 'built-in',
      message: 'the built-in administrator cannot be disabled',
    });
  }
  if (isBuiltIn && user.login !== 'admin') {
    issues.push({
      path: 'login',
      code: 'built-in',
      message: 'the built-in administrator keeps the login admin',
    });
  }
  if (!isBuiltIn && user.login !== undefined && reservedLogins.has(foldUserPart(user.login))) {
    issues.push({
      path: 'login',
      code: 'reserved',
      message: `the login ${user.login} is reserved for the system`,
    });
  }
  if (user.role === 'user' && user.extension === undefined) {
    issues.push({ path: 'extension', code: 'missing', message: 'a user needs an extension' });
  }
  for (const { number, path } of dialableNumbersOf(user)) {
    if (namesOfDevices.test(number)) {
      const message = `${number} is a name that only devices have`;
      issues.push({ path, code: 'reserved', message });
    }
  }
  issues.push(...findRepeatedNumbers(user));
  return issues;
}

function findRepeatedNumbers(user: User): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const seen = new Map<string, string>();
  for (const { number, path } of dialableNumbersOf(user)) {
    const folded = foldUserPart(number);
    const other = seen.get(folded);
    if (other === undefined) {
      seen.set(folded, path);
    } else {
      issues.push({ path, code: 'repeated', message: `${number} is already given as ${other}` });
    }
  }
  return issues;
}
