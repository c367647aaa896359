/** Which settings have an effect on which phones. */
import { expect, test } from 'vitest';
import { Secret } from '../../../../system/foundation/secret.ts';
import type { SettingValue, SettingValues } from '../../../../provisioning/scope/setting-value.ts';
import { findUsedVariables } from '../../../../provisioning/rendering/used-variables.ts';
import type { Model } from '../../../../provisioning/vendors/vendor.ts';
import {
  catalogue,
  createDevice,
  fullSettings,
  renderAll,
  textOf,
} from '../../../support/provisioning/complete-device.ts';

const usedBy = (vendor: string, model: string): ReadonlySet<string> => {
  const compiled = catalogue.require(vendor);
  return findUsedVariables(compiled, compiled.requireModel(model));
};

test('a setting that reaches a file under another name counts as read', () => {
  const used = usedBy('yealink', 'T53W');
  for (const name of ['time.zone', 'time.useDst', 'audio.codecs', 'sip.transport', 'phonebooks']) {
    expect(used, name).toContain(name);
  }
});

test('a setting that no file of the model has a parameter for does not', () => {
  expect(usedBy('yealink', 'T53W')).not.toContain('snmp.community');
  expect(usedBy('gigaset', 'N510')).not.toContain('network.staticAddress');
  expect(usedBy('gigaset', 'N510')).not.toContain('sip.transport');
});

/** As the page Devices names its fields, and the models of which they are. */
test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  [
    '[DEV-004] tone zone: FXS and FXO',
    ['phone.toneZone'],
    ['W01FXS', 'W24FXS', 'W04FXO', 'WP480'],
    ['W02BRI', 'W01PRI', 'W01GSM', 'W-PA'],
  ],
  [
    '[DEV-007] VLAN and class of service of voice',
    ['network.voiceVlanId', 'network.voiceVlanPriority'],
    ['WP480', 'W01FXS', 'W04FXO', 'W02BRI', 'W01PRI', 'W01GSM', 'W-PA'],
    [],
  ],
  [
    '[DEV-007] VLAN and class of service of data: phones with a port for a computer',
    ['network.dataVlanId', 'network.dataVlanPriority'],
    ['WP410', 'WP480', 'WP490'],
    ['W01FXS', 'W04FXO', 'W02BRI', 'W-PA'],
  ],
  [
    '[DEV-010] SNMP access: BRI, PRI, W-PA and WP4x0',
    ['snmp.enabled'],
    ['W02BRI', 'W04BRI', 'W01PRI', 'W02PRI', 'W-PA', 'WP480'],
    ['W01FXS', 'W04FXO', 'W01GSM'],
  ],
  [
    '[DEV-011] SIP firewall: BRI, PRI, FXO, W-PA, GSM',
    ['sip.acceptFromServerOnly'],
    ['W02BRI', 'W04BRI', 'W01PRI', 'W02PRI', 'W04FXO', 'W-PA', 'W01GSM'],
    ['W01FXS', 'W02FXS', 'W04FXS', 'W24FXS'],
  ],
])('%s', (_, names, models, others) => {
  for (const name of names) {
    for (const model of models) {
      expect(usedBy('wp4x0', model), `${model} ${name}`).toContain(name);
    }
    for (const model of others) {
      expect(usedBy('wp4x0', model), `${model} ${name}`).not.toContain(name);
    }
  }
});

test.each([
  ['yealink', 'T53W'],
  ['yealink', 'W70B'],
  ['snom', 'D785'],
  ['grandstream', 'GXP2170'],
  ['grandstream', 'GRP2614'],
  ['grandstream', 'HT802'],
  ['fanvil', 'X5U'],
  ['poly', 'VVX450'],
  ['cisco-spa', 'SPA504G'],
  ['cisco-mpp', '8851'],
  ['gigaset', 'N510'],
  ['htek', 'UC924'],
  ['wp4x0', 'WP480'],
  ['wp4x0', 'W02BRI'],
])('[DEV-006] [DEV-007] %s %s has summer time and the VLAN of voice', (vendor, model) => {
  const names = ['time.useDst', 'network.voiceVlanId', 'network.voiceVlanPriority'];
  expect([...usedBy(vendor, model)]).toEqual(expect.arrayContaining(names));
});

const switched: Readonly<Record<string, SettingValue>> = {
  'time.useDst': false,
  'network.dns1': '10.99.0.2',
  'time.ntpServer1': 'ntp9.example.org',
  'network.voiceVlanId': 99,
  'network.voiceVlanPriority': 3,
  'network.dataVlanId': 98,
  'network.dataVlanPriority': 2,
  'syslog.server': '10.99.0.9',
  'snmp.enabled': false,
  'sip.acceptFromServerOnly': false,
  'sip.transport': 'tcp',
  'sip.featureSync': false,
  'audio.codecs': ['pcmu'],
  'audio.ringtone': 4,
  ringtones: [{ alertInfo: 'internal', number: 5 }],
  'calls.voicemailNumber': '*61',
  'calls.callWaiting': false,
  'calls.hotlineNumber': '77',
  multicast: [{ address: '239.9.9.9', port: 9999, label: 'Store' }],
  'network.signallingDscp': 10,
  'network.staticAddress': '10.9.9.9',
  'phone.language': 'de',
  'security.pin': new Secret('9988'),
};
const families = catalogue.vendors.flatMap((vendor) => {
  const named = vendor.data.models.map((model): [string, Model] => [model.family, model]);
  // The last of each family.
  return [...new Map(named).values()].map((model): [string, string] => [vendor.data.id, model.id]);
});

test.each(families)(
  '[DEV-005] [DEV-006] [DEV-007] [DEV-009] [DEV-010] [DEV-011] %s %s: a field of the form changes what the device gets, one that would not is not offered',
  (vendor, model) => {
    const render = (settings: SettingValues): string =>
      renderAll(catalogue.require(vendor), createDevice(vendor, model, { settings }))
        .map(([, file]) => textOf(file))
        .join('\n');
    const base: SettingValues = {
      ...fullSettings,
      'time.zone': 'Europe/Berlin',
      'network.staticAddress': '10.20.30.41',
      'network.staticMask': '255.255.255.0',
      'network.staticGateway': '10.20.30.1',
    };
    const before = render(base);
    const effective = Object.keys(switched).filter(
      (name) => render({ ...base, [name]: switched[name] ?? false }) !== before,
    );
    const used = usedBy(vendor, model);
    expect(effective).toEqual(Object.keys(switched).filter((name) => used.has(name)));
  },
);
