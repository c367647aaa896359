/** Which settings have an effect on which phones. */
import { expect, test } from 'vitest';
import { findUsedVariables } from '../../../provisioning/used-variables.ts';
import { catalogue } from '../../support/provisioning.ts';

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
  expect(usedBy('gigaset', 'N510')).not.toContain('network.dns1');
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
