import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entityNames } from '../../../../system/configuration/entities/entity-names.ts';
import { entityByName } from '../../../../system/configuration/entities/entity-registry.ts';
import { foldUserPart } from '../../../../system/configuration/entities/fold-user-part.ts';
import { settingsEntity } from '../../../../system/configuration/entities/settings.ts';
import { userEntity } from '../../../../system/configuration/entities/user.ts';

const ada = { name: 'Ada Lovelace', extension: '101' };

describe('userEntity', () => {
  it.each([
    ['no name', { extension: '101' }, 'u1', 'name', 'missing'],
    ['a name of blanks', { ...ada, name: '  ' }, 'u1', 'name', 'invalid-value'],
    ['a control character in the name', { ...ada, name: 'A\u0007' }, 'u1', 'name', 'invalid-value'],
    ['a number that is not text', { ...ada, extension: 101 }, 'u1', 'extension', 'invalid-value'],
    ['letters in the extension', { ...ada, extension: '10a' }, 'u1', 'extension', 'invalid-value'],
    ['a user without an extension', { name: 'Ada' }, 'u1', 'extension', 'missing'],
    ['a bad alias', { ...ada, aliases: ['ok', 'not ok'] }, 'u1', 'aliases.1', 'invalid-value'],
    ['an alias that is the extension', { ...ada, aliases: ['101'] }, 'u1', 'aliases.0', 'repeated'],
    [
      'aliases that differ in case',
      { ...ada, aliases: ['Ada', 'aDA'] },
      'u1',
      'aliases.1',
      'repeated',
    ],
    ['a bad e-mail', { ...ada, email: 'ada@' }, 'u1', 'email', 'invalid-value'],
    ['a reserved login', { ...ada, login: 'Root' }, 'u1', 'login', 'reserved'],
    ['a second superadmin', { ...ada, role: 'superadmin' }, 'u1', 'role', 'built-in'],
    [
      'a lesser built-in admin',
      { name: 'A', login: 'admin', role: 'admin' },
      'admin',
      'role',
      'built-in',
    ],
    ['an unknown field', { ...ada, shoeSize: 44 }, 'u1', 'shoeSize', 'unknown-field'],
    [
      'a clear web password',
      { ...ada, webPasswordHash: 'pw' },
      'u1',
      'webPasswordHash',
      'invalid-value',
    ],
  ])('refuses %s', (_what, input, id, path, code) => {
    const result = userEntity.validate(input, id);

    expect(
      result.kind === 'invalid' ? result.issues.map((issue) => [issue.path, issue.code]) : [],
    ).toEqual([[path, code]]);
  });

  it('[USR-022] [USR-023] takes numeric and alphanumeric names beside the extension', () => {
    const input = { ...ada, sipUsername: 'ada.l', aliases: ['390461715111', 'reception'] };

    expect(userEntity.validate(input, 'u1')).toMatchObject({ kind: 'valid', document: input });
  });

  it('fills in defaults and keeps the order of the declaration', () => {
    const result = userEntity.validate(ada, 'u1');

    expect(result.kind === 'valid' ? Object.entries(result.document) : []).toEqual([
      ['name', 'Ada Lovelace'],
      ['extension', '101'],
      ['role', 'user'],
      ['aliases', []],
      ['language', 'en'],
      ['enabled', true],
      ['mustChangePassword', false],
      ['phoneKeys', []],
      ['phonePreferences', {}],
    ]);
  });

  it('stores only what differs from the defaults', () => {
    const document = userEntity.fromStored({ ...ada, language: 'it' });

    expect(userEntity.toStored(document)).toEqual({ ...ada, language: 'it' });
    expect(userEntity.fromStored(userEntity.toStored(document))).toEqual(document);
  });
});

describe('settingsEntity', () => {
  it('is valid without a single value', () => {
    expect(settingsEntity.validate({}, 'settings').kind).toBe('valid');
  });

  it.each([
    ['a default below the minimum', { registrationDefaultSec: 30 }, 'registrationDefaultSec'],
    ['a session timer below 90 s', { sessionTimerSec: 89 }, 'sessionTimerSec'],
    ['one number for two services', { milliwattNumber: '*43' }, 'milliwattNumber'],
    ['a domain with a blank', { sipDomain: 'a b' }, 'sipDomain'],
    ['a fraction of a second', { ringTimeoutSec: 30.5 }, 'ringTimeoutSec'],
  ])('refuses %s', (_what, input, path) => {
    const result = settingsEntity.validate(input, 'settings');

    expect(result.kind === 'invalid' ? result.issues.map((issue) => issue.path) : []).toEqual([
      path,
    ]);
  });
});

describe('every field', () => {
  const fields = entityNames.flatMap((entity) =>
    Object.entries(entityByName[entity].fields).map(
      ([name, field]) => [`${entity}.${name}`, field] as const,
    ),
  );

  it.each(fields)('%s has label, help and a default that is valid', (_name, field) => {
    expect(field.label).not.toBe('');
    expect(field.help).toMatch(/\.$/);
    if (field.presence === 'defaulted') {
      expect(field.schema.safeParse(field.defaultValue).success).toBe(true);
    }
    // A secret must not reach CSV files.
    expect(field.isSecret && field.csvColumn !== undefined).toBe(false);
  });
});

describe('foldUserPart', () => {
  it('[SIP-028] folds ASCII letters and nothing else', () => {
    expect(foldUserPart('Ada.L*9')).toBe('ada.l*9');
    expect(foldUserPart('\u212A\u0130')).toBe('\u212A\u0130');
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(foldUserPart(text)).toBe(text.toLowerCase());
      }),
    );
  });
});
