/** The table in `provisioning/vendors/README.md` says what the templates do. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findUsedVariables } from '../../../../provisioning/rendering/used-variables.ts';
import { catalogue } from '../../../support/provisioning/complete-device.ts';

/** One of the variables is enough; rows without any are about what no variable names. */
const variablesOf: Readonly<Record<string, readonly string[]>> = {
  'server of each account': [],
  'transport, outbound proxy': ['sip.transport'],
  'second server': [],
  codecs: ['audio.codecs'],
  SRTP: ['sip.srtp'],
  DTMF: ['sip.dtmf'],
  keys: [],
  MWI: ['sip.subscribeMwi', 'calls.voicemailNumber'],
  'feature sync': ['sip.featureSync'],
  'auto-answer': ['calls.autoAnswer'],
  LDAP: ['ldap.server'],
  'phonebook in XML': ['phonebooks'],
  ringtones: ['ringtones'],
  'action URLs': ['actionUrls'],
  multicast: ['multicast'],
  'time, summer time': ['time.zone'],
  'static address': ['network.staticAddress'],
  DNS: ['network.dns1'],
  VLAN: ['network.voiceVlanId'],
  LLDP: ['network.lldp'],
  DSCP: ['network.signallingDscp'],
  syslog: ['syslog.server'],
  SNMP: ['snmp.enabled'],
  'passwords of its pages': ['security.adminPassword', 'security.pin'],
  language: ['phone.language'],
  tones: ['phone.toneZone'],
  firmware: ['firmware.url', 'firmware.label', 'firmware.version'],
};

const file = resolve(import.meta.dirname, '../../../../provisioning/vendors/README.md');
const lines = readFileSync(file, 'utf8').split('\n');
const [header = '', , ...rows] = lines.slice(lines.findIndex((line) => line.startsWith('| | ')));
const folders = cellsOf(header).slice(1);
const table = rows.slice(0, rows.indexOf('')).map((line) => {
  const [label = '', ...cells] = cellsOf(line);
  return { label, cells };
});

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test('the table has a cell for each row and folder', () => {
  expect(table.map(({ label }) => label)).toEqual(Object.keys(variablesOf));
  for (const { label, cells } of table) {
    expect(cells.length, label).toBe(folders.length);
  }
});

test.each(folders)('%s', (folder) => {
  const vendor = catalogue.require(folder);
  const families = new Map(vendor.data.models.map((model) => [model.family, model]));
  const used = new Set(
    [...families.values()].flatMap((model) => [...findUsedVariables(vendor, model)]),
  );
  for (const { label, cells } of table) {
    const variables = variablesOf[label] ?? [];
    const cell = cells[folders.indexOf(folder)] ?? '';
    expect(cell, label).toMatch(/^(?:x|-|n\/a|\d{1,2}(?: \d{1,2})*)$/);
    if (variables.length > 0) {
      expect(
        variables.some((name) => used.has(name)),
        label,
      ).toBe(cell !== '-' && cell !== 'n/a');
    }
  }
});
