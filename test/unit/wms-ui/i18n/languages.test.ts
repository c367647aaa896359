import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { entityByName } from '../../../../system/configuration/entities/entity-registry.ts';
import { placeholdersOf, type Message } from '../../../../wms-ui/src/lib/i18n/format-message.ts';
import { languages } from '../../../../wms-ui/src/lib/i18n/language.ts';
import { findBareTexts, findNamedKeys, findTextUses, readSources } from './source-texts.ts';

type Table = Readonly<Record<string, Message>>;

const directory = resolve(import.meta.dirname, '../../../../wms-ui/src/lib/i18n');
const tables = new Map(
  languages.map((language) => [
    language,
    JSON.parse(readFileSync(`${directory}/${language}.json`, 'utf8')) as Table,
  ]),
);
const english = tables.get('en') ?? {};
const others = languages.filter((language) => language !== 'en');
const sources = readSources();

describe('the languages of WMS', () => {
  test.each(others)('%s has the keys of English', (language) => {
    expect(Object.keys(tables.get(language) ?? {})).toEqual(Object.keys(english));
  });

  test.each(others)('%s mentions in each text what English mentions', (language) => {
    const table = tables.get(language) ?? {};
    const differing = Object.entries(english).filter(
      ([key, message]) =>
        placeholdersOf(message).join() !== placeholdersOf(table[key] ?? '').join(),
    );
    expect(differing).toEqual([]);
  });

  test.each(languages)('%s has every plural form its numbers need', (language) => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    // Italian counts millions apart ("many"); no number of WMS is one.
    const needed = categories.filter((category) => category !== 'many');
    const lacking = Object.entries(tables.get(language) ?? {}).filter(
      ([, message]) =>
        typeof message !== 'string' && needed.some((category) => !(category in message)),
    );
    expect(lacking).toEqual([]);
  });

  test.each(Object.values(entityByName))('name every field of the entity $name', (entity) => {
    const declared = Object.entries(entity.fields).flatMap(([name, field]) => [
      [`${entity.name}.${name}.label`, field.label],
      [`${entity.name}.${name}.help`, field.help],
    ]);
    const told = declared.map(([key]) => [key, english[String(key)]]);
    expect(told).toEqual(declared);
  });

  test.each(Object.values(entityByName))('name every choice of the entity $name', (entity) => {
    const keys = Object.entries(entity.fields).flatMap(([name, field]) => {
      const { enum: choices } = z.toJSONSchema(field.schema);
      return (choices ?? []).map((choice) => `${entity.name}.${name}.value.${String(choice)}`);
    });
    expect(keys.filter((key) => english[key] === undefined)).toEqual([]);
  });
});

describe('the sources of WMS', () => {
  const uses = sources.flatMap(({ file, tree }) => findTextUses(file, tree));

  test('use keys that exist, with the arguments the text mentions', () => {
    expect(uses.length).toBeGreaterThan(300);
    const wrong = uses.filter(({ key, args }) => {
      const message = english[key];
      return (
        message === undefined ||
        (args !== undefined &&
          placeholdersOf(message).some((placeholder) => !args.includes(placeholder)))
      );
    });
    expect(wrong).toEqual([]);
  });

  test('name every key of the tables', () => {
    const isNamed = findNamedKeys(sources.map(({ tree }) => tree));
    expect(Object.keys(english).filter((key) => !isNamed(key))).toEqual([]);
  });

  test('show no word that is not in the tables', () => {
    const components = sources.filter(({ file }) => file.endsWith('.svelte'));
    expect(components.length).toBeGreaterThan(40);
    const bare = components.flatMap(({ file, tree }) => findBareTexts(file, tree));
    // What a program is sent, not what a person reads.
    expect(bare).toEqual(['pages/tokens/TokensPage.svelte: Authorization: Bearer …']);
  });

  test('draw text only as text: no markup is built from strings', () => {
    const raw = sources.filter(({ tree }) => JSON.stringify(tree).includes('"type":"HtmlTag"'));
    expect(raw.map(({ file }) => file)).toEqual([]);
  });
});
