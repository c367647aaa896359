import { entityNames } from '../../../../system/configuration/entities/entity-names.ts';
import { singleIds } from '../../../../system/configuration/entities/entity-registry.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsEntity } from '../../../../system/configuration/entities/settings.ts';
import { userEntity, type User } from '../../../../system/configuration/entities/user.ts';
import type { Stored } from '../../../../system/management-plane/configuration-store/configuration-store.ts';
import {
  parseConfiguration,
  textLimits,
} from '../../../../system/management-plane/configuration-store/parse-configuration.ts';
import { SecretSeal } from '../../../../system/management-plane/configuration-store/secret-seal.ts';
import { serializeConfiguration } from '../../../../system/management-plane/configuration-store/serialize-configuration.ts';

const seal = new SecretSeal(new Uint8Array(32).fill(7));
const settings = settingsEntity.fromStored({ systemName: 'Torre' });
const header = '[text]\nformat = 1\nsecrets = "omitted"\n[settings]\n';

function storedUser(id: string, fields: Record<string, unknown>): Stored<User> {
  return { id, document: userEntity.fromStored({ name: id, ...fields }), version: 1 };
}

function messagesOf(text: string): string[] {
  return parseConfiguration(text).issues.map((issue) => issue.message);
}

describe('serializeConfiguration', () => {
  it('writes the administrator first, then users by number, whatever order they come in', () => {
    const users = [
      storedUser('x', { extension: '1000' }),
      storedUser('y', { extension: '99' }),
      storedUser('admin', { role: 'superadmin', login: 'admin' }),
      storedUser('z', { extension: '*5' }),
    ];

    const text = serializeConfiguration(settings, users, 'omitted', seal);
    const reversed = serializeConfiguration(settings, users.toReversed(), 'omitted', seal);

    expect(reversed).toBe(text);
    expect(text.match(/^\[.*\]$/gm)).toEqual([
      '[text]',
      '[settings]',
      '[user admin]',
      '[user y]',
      '[user x]',
      '[user z]',
      '[end]',
    ]);
    expect(text.endsWith('\n[end]\n')).toBe(true);
    expect(text).toContain('\nsystemName = "Torre"\n');
  });

  it('[SEC-036] leaves secrets out or seals them, and never writes a hash in clear', () => {
    const webPasswordHash = '$argon2id$v=19$secret';
    const users = [storedUser('u1', { extension: '101', webPasswordHash })];

    const omitted = serializeConfiguration(settings, users, 'omitted', seal);
    const sealed = serializeConfiguration(settings, users, 'sealed', seal);

    expect(omitted).not.toContain('webPasswordHash');
    expect(sealed).toContain('webPasswordHash = "sealed.');
    expect(sealed).not.toContain('argon2id');
  });
});

describe('parseConfiguration', () => {
  it('reads back whatever text a field holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        const text = serializeConfiguration(
          settings,
          [storedUser('u1', { name, extension: '101' })],
          'omitted',
          seal,
        );

        const parsed = parseConfiguration(text);

        expect(parsed.issues).toEqual([]);
        expect(parsed.entities[1]?.fields['name']).toBe(name);
        expect(parsed.entities[0]?.fields).toEqual(settings);
      }),
    );
  });

  it.each([
    ['nothing', '', 'line 1: the section [text] with format = 1 is missing'],
    [
      'a value before a section',
      `name = 1\n${header}`,
      'line 1: a section in brackets is expected first',
    ],
    ['another format', `${header}[text]`, 'line 5: the section [text] is there twice'],
    [
      'an unknown section',
      `${header}[trunk 1]\nx = 1`,
      `line 5: a section is one of [text], ${entityNames.map((name) => (name in singleIds ? `[${name}]` : `[${name} ID]`)).join(', ')}, [end]`,
    ],
    [
      'a value that is not JSON',
      `${header}language = en`,
      'line 5: the value of language is not JSON',
    ],
    ['a line without a value', `${header}language`, 'line 5: a line is NAME = VALUE'],
    [
      'a field twice',
      `${header}language = "en"\nlanguage = "it"`,
      'line 6: language is there twice',
    ],
    [
      'no settings',
      '[text]\nformat = 1\n',
      'line 3: the section [settings] is missing: the text is not complete',
    ],
    ['a text that is cut off', header, 'line 5: the section [end] is missing: the text is cut off'],
    [
      'a section behind the end',
      `${header}[end]\n[user u1]`,
      'line 6: nothing may follow the section [end]',
    ],
  ])('names the line of %s', (_what, text, message) => {
    expect(messagesOf(text)).toContain(message);
  });

  it('refuses a text that is cut off at any line', () => {
    const users = ['101', '102'].map((extension) => storedUser(`u${extension}`, { extension }));
    const lines = serializeConfiguration(settings, users, 'omitted', seal).split('\n');
    for (let count = 0; count < lines.indexOf('[end]'); count += 1) {
      expect(messagesOf(lines.slice(0, count).join('\n'))).not.toEqual([]);
    }
    expect(messagesOf(lines.join('\n'))).toEqual([]);
  });

  it('gives up after so many unreadable lines', () => {
    expect(messagesOf(header + '?\n'.repeat(100_000)).length).toBe(textLimits.issues);
  });

  it('never throws, whatever it is given', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(
        '[text]',
        '[settings]',
        '[user u1]',
        'format = 1',
        'name = "x"',
        '__proto__ = {}',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        expect(parseConfiguration(lines.join('\n')).issues.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
