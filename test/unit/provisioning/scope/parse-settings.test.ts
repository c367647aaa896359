import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSettings } from '../../../../provisioning/scope/parse-settings.ts';
import { variables } from '../../../../provisioning/scope/variables.ts';
import { Secret } from '../../../../system/foundation/secret.ts';

test('what the table declares is taken, null stays and removes later', () => {
  const { values, issues } = parseSettings({
    'network.voiceVlanId': 20,
    'time.zone': 'Europe/Rome',
    'audio.codecs': ['opus', 'pcma'],
    'ldap.password': 'secret',
    'syslog.server': null,
    phonebooks: [{ name: 'All', url: 'https://pbx.example.org/all.xml' }],
  });
  expect(issues).toEqual([]);
  expect(values).toMatchObject({
    'network.voiceVlanId': 20,
    'time.zone': 'Europe/Rome',
    'audio.codecs': ['opus', 'pcma'],
    'syslog.server': null,
    phonebooks: [{ name: 'All', url: 'https://pbx.example.org/all.xml' }],
  });
  expect(values['ldap.password']).toBeInstanceOf(Secret);
});

test.each([
  ['network.voiceVlanId', 4095],
  ['network.voiceVlanId', '20'],
  ['network.voiceVlanId', 20.5],
  ['time.zone', 'Europe/Atlantis'],
  ['time.zone', '__proto__'],
  ['time.ntpServer1', 'ntp example'],
  ['time.ntpServer1', 'ntp.example.org\nadmin_password = x'],
  ['time.ntpServer1', '300.1.1.1'],
  ['time.ntpServer1', '01.02.03.04'],
  ['time.ntpServer1', '1.2.3'],
  ['network.dns1', '10.0.0.256'],
  ['network.dns1', '10.0.0.01'],
  ['audio.codecs', ['opus', 'opus']],
  ['audio.codecs', ['mp3']],
  ['audio.codecs', 'opus'],
  ['firmware.url', 'javascript:alert(1)'],
  ['firmware.url', 'https://a b/'],
  ['calls.hotlineNumber', '9 9'],
  ['security.adminPassword', 'a\u2028b'],
  ['security.adminPassword', 'x'.repeat(10_000)],
  ['sip.featureSync', 'true'],
])('%s refuses %j', (name, value) => {
  const { values, issues } = parseSettings({ [name]: value });
  expect(values).toEqual({});
  expect(issues.map(({ path }) => path)).toEqual([name]);
});

test.each(['10.0.0.1', '2001:db8::123', 'ntp', '0.pool.ntp.org', '3com.example', 'a.b.'])(
  'time.ntpServer1 takes %s',
  (value) => {
    expect(parseSettings({ 'time.ntpServer1': value }).issues).toEqual([]);
  },
);

test('a fault in a table names row and field', () => {
  const { issues } = parseSettings({
    phonebooks: [
      { name: 'All', url: 'https://pbx.example.org/' },
      { name: 'B', colour: 1 },
    ],
  });
  expect(issues.map(({ path }) => path)).toEqual(['phonebooks[1].colour', 'phonebooks[1].url']);
});

test('an unknown name is answered with the nearest', () => {
  expect(parseSettings({ 'netwrok.voiceVlanId': 1 }).issues[0]?.message).toContain(
    'network.voiceVlanId',
  );
});

test('the defaults of the table are values that the table accepts', () => {
  for (const variable of variables) {
    if (variable.default !== undefined) {
      expect(parseSettings({ [variable.name]: variable.default }).issues).toEqual([]);
    }
  }
});

test('no input makes it throw, and nothing undeclared comes out', () => {
  const names = variables.map(({ name }) => name);
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.oneof(fc.constantFrom(...names, '__proto__', 'constructor'), fc.string()),
        fc.anything(),
      ),
      (input) => {
        const { values } = parseSettings(input);
        expect(names).toEqual(expect.arrayContaining(Object.keys(values)));
      },
    ),
  );
});
