/** Every setting that devices may have is named in every language, and shown in an area of its own. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { variables } from '../../../../../provisioning/scope/variables.ts';
import { nameInPath } from '../../../../../wms-ui/src/domains/device-settings/name-in-path.ts';
import { areaOf } from '../../../../../wms-ui/src/domains/device-settings/setting-area.ts';
import {
  factsOfMany,
  factsOfScope,
  toVariables,
} from '../../../../../wms-ui/src/domains/device-settings/setting-fact.ts';
import { languages } from '../../../../../wms-ui/src/lib/i18n/language.ts';

type Table = Readonly<Record<string, unknown>>;

const directory = resolve(import.meta.dirname, '../../../../../wms-ui/src/lib/i18n');
const tableOf = (language: string): Table =>
  JSON.parse(readFileSync(`${directory}/${language}.json`, 'utf8')) as Table;

const known = toVariables(
  variables.map(({ name, domain, help }) => ({
    name,
    help,
    domain: { ...domain },
    isSecret: domain.type === 'secret',
    default: name === 'network.lldp' ? true : undefined,
  })),
);

describe('settings of devices', () => {
  test.each(languages)('have a name and a help in %s', (language) => {
    const table = tableOf(language);
    const missing = variables.flatMap(({ name, domain }) => {
      const fields = domain.type === 'records' ? Object.keys(domain.fields) : [];
      return [
        `setting.${name}.label`,
        `setting.${name}.help`,
        ...fields.map((field) => `setting.${name}.${field}.label`),
      ].filter((key) => table[key] === undefined);
    });
    expect(missing).toEqual([]);
  });

  test('are helped with in English by the words of their declaration', () => {
    const table = tableOf('en');
    const differing = variables.filter(({ name, help }) => table[`setting.${name}.help`] !== help);
    expect(differing.map(({ name }) => name)).toEqual([]);
  });

  test('are each in an area that has a name', () => {
    const table = tableOf('en');
    const areas = new Set(variables.map(({ name }) => areaOf(name)));
    expect([...areas].filter((area) => table[`settingArea.${area}`] === undefined)).toEqual([]);
    expect(variables.filter(({ name }) => areaOf(name) === 'other')).toEqual([]);
  });

  test('of a scope inherit the default, and secrets are own without a value', () => {
    const facts = factsOfScope(known, {
      settings: { 'network.lldp': false },
      secretSettings: ['snmp.community'],
    });
    const factOf = (name: string) => facts.find(({ variable }) => variable.name === name);
    expect(factOf('network.lldp')).toMatchObject({
      own: false,
      isOwn: true,
      inherited: { value: true, isSet: true },
    });
    expect(factOf('snmp.community')).toMatchObject({ own: undefined, isOwn: true });
    expect(factOf('network.dns1')).toMatchObject({ isOwn: false, inherited: { isSet: false } });
  });

  test('of several devices are told when they are the same, and as mixed when they differ', () => {
    const both = { 'network.lldp': false, 'time.zone': 'Europe/Rome' };
    const facts = factsOfMany(known, [
      { settings: both, secretSettings: ['snmp.community'] },
      { settings: { 'network.lldp': false }, secretSettings: ['snmp.community'] },
    ]);
    const find = (name: string) => facts.find(({ variable }) => variable.name === name);
    expect(find('network.lldp')).toMatchObject({ own: false, isOwn: true });
    expect(find('snmp.community')).toMatchObject({ isOwn: true });
    expect(find('time.zone')).toMatchObject({ own: undefined, isOwn: false, isMixed: true });
  });

  test('of several devices have an effect when some of their models read them', () => {
    const isUsed = (used?: ReadonlySet<string>): readonly boolean[] =>
      factsOfMany(known, [], used)
        .filter(({ variable }) => ['network.lldp', 'time.zone'].includes(variable.name))
        .map((fact) => fact.isUsed);
    expect(isUsed(new Set(['time.zone'])).filter(Boolean)).toHaveLength(1);
    expect(isUsed()).toEqual([true, true]);
  });
});

describe('the setting that an issue is about', () => {
  const names = ['ringtones', 'network.dns1', 'network.dns10', 'phonebooks'];

  test.each([
    ['settings.network.dns1', 'network.dns1'],
    ['changes.settings.network.dns10', 'network.dns10'],
    ['settings.phonebooks[0].url', 'phonebooks'],
    ['settings.ringtonesOther', undefined],
    ['comment', undefined],
  ])('%s is %s', (path, name) => {
    expect(nameInPath(path, names)).toBe(name);
  });
});
